import { useCallback, useEffect } from "react";
import { useQuery, useSubscription, type AnyVariables, type CombinedError } from "urql";
import type { TypedDocumentString } from "~generated/graphql";
import { afterActs } from "./acted";
import { documentOf } from "./documents";

export interface Asked<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  fetching: boolean;
  again: () => void;
}

/**
 * Asks a query and keeps asking as the variables change, and after each act: which lists a thing belongs to now is the
 * server's to say. `again` asks the network once more; what came before stays until it has answered.
 */
export function useAsk<Data, Variables extends AnyVariables>(
  text: TypedDocumentString<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean } = {},
): Asked<Data> {
  const pause = options.pause ?? false;
  const [{ data, error, fetching }, execute] = useQuery({
    query: documentOf(text),
    variables: variables as Variables & AnyVariables,
    pause,
  });
  const again = useCallback(() => execute({ requestPolicy: "network-only" }), [execute]);
  useEffect(() => (pause ? undefined : afterActs(again)), [again, pause]);
  return { data, error, fetching, again };
}

/** Calls back for each change that a subscription tells of. */
export function useFollow<Data, Variables extends AnyVariables>(
  text: TypedDocumentString<Data, Variables>,
  variables: Variables,
  onChange: (data: Data) => void,
  options: { pause?: boolean } = {},
): void {
  useSubscription(
    { query: documentOf(text), variables: variables as Variables & AnyVariables, pause: options.pause ?? false },
    (_before: Data | undefined, data: Data) => {
      onChange(data);
      return data;
    },
  );
}
