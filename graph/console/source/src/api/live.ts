import { createClient } from "graphql-ws";
import type { SubscriptionForwarder } from "urql";
import { acted } from "./acted";
import { at } from "./base";
import { resumed, type Variables } from "./resuming";

export type Connection = "idle" | "connected" | "lost";

/** Whether what others do arrives: "idle" while nothing is followed. */
export class ConnectionState {
  private state: Connection = "idle";
  private readonly listeners = new Set<() => void>();

  get = (): Connection => this.state;

  set(state: Connection): void {
    if (state !== this.state) {
      this.state = state;
      this.listeners.forEach((tell) => tell());
    }
  }

  subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };
}

const LONGEST_WAIT_MS = 20_000;
const NORMAL_CLOSE = 1000;
const TOKEN_REFUSED = 4403;

/**
 * Follows changes over one WebSocket. What is lost is opened again for as long as it is followed, and goes on behind the
 * last event that came: the payload is written anew each time, with `after` as of then. Where none had come yet, nothing
 * tells what was missed: so the page asks for all that it shows once more.
 */
export function followChanges(token: () => string | null, connection: ConnectionState, expired: () => void): SubscriptionForwarder {
  let followed = 0;
  const client = createClient({
    url: at("graphql").replace(/^http/, "ws"),
    connectionParams: () => authorization(token()),
    lazy: true,
    lazyCloseTimeout: 3_000,
    keepAlive: 15_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => wait(Math.min(1_000 * 2 ** retries, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)),
    shouldRetry: () => true,
    on: {
      connected: () => {
        const wasLost = connection.get() === "lost";
        connection.set("connected");
        if (wasLost) {
          acted();
        }
      },
      closed: (event) => {
        const { code } = event as CloseEvent;
        connection.set(code === NORMAL_CLOSE ? "idle" : "lost");
        if (code === TOKEN_REFUSED) {
          expired();
        }
      },
    },
  });
  return (request) => ({
    subscribe(sink) {
      const payload = { ...request, query: request.query ?? "", variables: request.variables as Variables };
      followed += 1;
      const unsubscribe = client.subscribe(payload, {
        next(result) {
          payload.variables = resumed(payload.variables, result);
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      });
      return {
        unsubscribe() {
          unsubscribe();
          followed -= 1;
          if (followed === 0 && connection.get() === "lost") {
            connection.set("idle"); // nobody opens again what nobody follows
          }
        },
      };
    },
  });
}

export function authorization(token: string | null): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}
