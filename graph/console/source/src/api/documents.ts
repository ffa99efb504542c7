import { gql, type AnyVariables, type TypedDocumentNode } from "urql";
import type { TypedDocumentString } from "~generated/graphql";

const parsed = new WeakMap<object, TypedDocumentNode<unknown, AnyVariables>>();

/** A generated document as the client takes it, parsed when it is first asked for. */
export function documentOf<Data, Variables>(text: TypedDocumentString<Data, Variables>): TypedDocumentNode<Data, Variables & AnyVariables> {
  const found = parsed.get(text) ?? gql(String(text));
  parsed.set(text, found);
  return found as TypedDocumentNode<Data, Variables & AnyVariables>;
}
