import type { SubscribePayload } from "graphql-ws";

export type Variables = SubscribePayload["variables"];

/** The variables with which a subscription goes on behind a result. */
export function resumed(variables: Variables, result: { data?: unknown }): Variables {
  const [told] = Object.values((result.data ?? {}) as Record<string, { eventId?: string } | null>);
  return told?.eventId ? { ...variables, after: told.eventId } : variables;
}
