import { useCallback, useState } from "react";
import { useClient, type AnyVariables } from "urql";
import type { TypedDocumentString } from "~generated/graphql";
import { documentOf } from "./documents";

interface Connection<Node> {
  nodes: readonly Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

type Maybe<Value> = Value | null | undefined;

export interface Pages<Node> {
  nodes: readonly Node[];
  hasMore: boolean;
  busy: boolean;
  more: () => void;
}

/** A list of which the page's own query has the beginning, and `load` what follows a cursor. */
export function usePages<Node>(first: Maybe<Connection<Node>>, load: (after: string) => Promise<Maybe<Connection<Node>>>): Pages<Node> {
  const [rest, setRest] = useState<{ of: Maybe<Connection<Node>>; nodes: readonly Node[]; pageInfo: Connection<Node>["pageInfo"] } | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = rest?.of === first ? rest : null;
  const pageInfo = shown?.pageInfo ?? first?.pageInfo;
  const after = pageInfo?.hasNextPage ? pageInfo.endCursor : null;

  const more = useCallback(async () => {
    if (after == null || busy) {
      return;
    }
    setBusy(true);
    const next = await load(after);
    setBusy(false);
    if (next) {
      setRest((before) => ({ of: first, nodes: [...(before !== null && before.of === first ? before.nodes : []), ...next.nodes], pageInfo: next.pageInfo }));
    }
  }, [after, busy, first, load]);

  return { nodes: [...(first?.nodes ?? []), ...(shown?.nodes ?? [])], hasMore: after != null, busy, more };
}

/** Asks a query once, when something wants it. */
export function useLoad<Data, Variables extends AnyVariables>(text: TypedDocumentString<Data, Variables>): (variables: Variables) => Promise<Data | undefined> {
  const client = useClient();
  return useCallback(
    async (variables) => {
      const { data } = await client.query(documentOf(text), variables as Variables & AnyVariables).toPromise();
      return data;
    },
    [client, text],
  );
}
