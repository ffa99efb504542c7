import { Client, fetchExchange, subscriptionExchange } from "urql";
import { at } from "./base";
import { keptByIds } from "./cache";
import { authorization, followChanges, type ConnectionState } from "./live";

export interface Asking {
  token: () => string | null;
  language: () => string;
  connection: ConnectionState;
}

/** A client of the API for one person: who signs in or out gets a new one, which knows nothing of what others saw. */
export function createClient({ token, language, connection }: Asking): Client {
  return new Client({
    url: at("graphql"),
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({ headers: { ...authorization(token()), "Accept-Language": language() } }),
    exchanges: [
      keptByIds(),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: followChanges(token, connection) }),
    ],
  });
}
