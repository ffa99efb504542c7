import { createContext, useContext, useSyncExternalStore } from "react";
import { ConnectionState, type Connection } from "~/api/live";
import { Entrance, type SignedIn } from "~/auth/signedIn";

export const EntranceContext = createContext<Entrance>(new Entrance());
export const ConnectionContext = createContext<ConnectionState>(new ConnectionState());

export function useEntrance(): Entrance {
  return useContext(EntranceContext);
}

/** Who is signed in on this page; null for anybody. */
export function usePerson(): SignedIn | null {
  const entrance = useEntrance();
  return useSyncExternalStore(entrance.subscribe, entrance.get);
}

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  return useSyncExternalStore(connection.subscribe, connection.get);
}
