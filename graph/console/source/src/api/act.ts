import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, type AnyVariables } from "urql";
import type { TypedDocumentString } from "~generated/graphql";
import { acted } from "./acted";
import { documentOf } from "./documents";
import { sortedRefusals, type Refusal } from "./refusals";

interface Payload {
  errors: readonly Refusal[];
  warnings?: readonly { path?: readonly string[] | null; snippet?: string | null }[];
}

/** The one payload of a mutation's answer. */
export type Given<Data> = Exclude<Data[Exclude<keyof Data, "__typename">], null | undefined>;
export type InputOf<Variables> = Variables extends { input: infer Input } ? Omit<Input, "idempotencyKey"> : never;

export interface Act<Data, Input> {
  /** Does it, and returns the payload; null where it was refused, or is not known to be done. */
  perform: (input: Input) => Promise<Given<Data> | null>;
  pending: boolean;
  /** What was refused, by the path to the input's field: `{ "title": "…" }`. What a form takes as its errors. */
  fieldErrors: Record<string, string>;
  /** What was refused and belongs to no field of the form, and what kept the act from being answered. */
  problems: string[];
  /** Whether the server has refused it: what is sent next is another act, with a key of its own. */
  refused: boolean;
  clear: () => void;
}

/**
 * A verb of the API for a form. One opening of a form is one act: its idempotency key is made once and kept until the
 * server has answered, so whatever is sent again after a lost connection is done at most once. While an answer is
 * awaited nothing is sent. With `keptAs` the key outlives the page, as a draft does that is kept until it is sent.
 */
export function useAct<Data, Variables extends { input: { idempotencyKey?: string | null } }>(
  text: TypedDocumentString<Data, Variables>,
  fields: readonly string[] = [],
  keptAs: string | null = null,
): Act<Data, InputOf<Variables>> {
  const client = useClient();
  const { t } = useTranslation("shell");
  const key = useRef(keptAs === null ? null : localStorage.getItem(keptAs));
  const underWay = useRef(false);
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState(false);
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);

  const perform = useCallback(
    async (input: InputOf<Variables>) => {
      if (underWay.current) {
        return null;
      }
      underWay.current = true;
      setPending(true);
      key.current ??= newKey();
      keep(keptAs, key.current);
      const variables = { input: { ...(input as object), idempotencyKey: key.current } } as unknown as Variables & AnyVariables;
      const { data, error } = await client.mutation(documentOf(text), variables).toPromise();
      underWay.current = false;
      setPending(false);
      const payload = payloadOf(data);
      if (payload === null) {
        setRefused(false);
        setRefusals(notAnswered(error?.graphQLErrors.map((each) => each.message), t("notAnswered")));
        return null;
      }
      if (payload.errors.every((each) => each.retryAfter == null)) {
        key.current = null;
        keep(keptAs, null);
        setRefused(payload.errors.length > 0);
      }
      setRefusals(payload.errors);
      acted();
      return payload.errors.length === 0 ? (payload as Given<Data>) : null;
    },
    [client, text, t, keptAs],
  );
  const clear = useCallback(() => setRefusals([]), []);
  const sorted = useMemo(() => sortedRefusals(refusals, fields), [refusals, fields]);
  return { perform, pending, refused, clear, ...sorted };
}

function keep(name: string | null, key: string | null): void {
  if (name !== null) {
    if (key === null) {
      localStorage.removeItem(name);
    } else {
      localStorage.setItem(name, key);
    }
  }
}

function payloadOf(data: unknown): Payload | null {
  const found = Object.entries((data ?? {}) as Record<string, Payload | null>).find(([name]) => name !== "__typename");
  return found?.[1] ?? null;
}

function notAnswered(messages: string[] | undefined, otherwise: string): Refusal[] {
  return (messages?.length ? messages : [otherwise]).map((message) => ({ code: "NOT_ANSWERED", message }));
}

/** 128 random bits; `crypto.randomUUID` is not there on a page that came without TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
