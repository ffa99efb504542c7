import { Client, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { at } from "./base";
import { keptByIds } from "./cache";
import { authorization, followChanges, type ConnectionState } from "./live";

export interface Asking {
  token: () => string | null;
  language: () => string;
  /** Hears that the token is taken no more. */
  expired: () => void;
  connection: ConnectionState;
}

/** A client of the API for one person: who signs in or out gets a new one, which knows nothing of what others saw. */
export function createClient({ token, language, expired, connection }: Asking): Client {
  let position: string | undefined; // of what was written last: reads are to see it
  return new Client({
    url: at("graphql"),
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({ headers: { ...authorization(token()), "Accept-Language": language(), ...(position && { "Shangliang-Position": position }) } }),
    exchanges: [
      mapExchange({
        onError: ({ response }) => isRefused(response) && expired(),
        onResult: ({ extensions }) => {
          position = extensions?.position ?? position;
        },
      }),
      keptByIds(),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: followChanges(token, connection, expired) }),
    ],
  });
}

/** Whether an answer says that it does not take the token (RFC 6750). */
function isRefused(response: { status?: number } | undefined): boolean {
  return response?.status === 401;
}
