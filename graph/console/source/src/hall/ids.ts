/** An id without the instant that it may name: what stands in addresses. */
export function plainId(id: string): string {
  return id.replace(/@.*$/, "");
}

/** The id of a thing of a type as of an instant, or of now, from what an address has: the id or its own part alone. */
export function idAsOf(type: string, asked: string, instant: string | null): string {
  const id = plainId(asked);
  const whole = id.startsWith(`${type}_`) ? id : `${type}_${id}`;
  return instant === null ? whole : `${whole}@${new Date(instant).toISOString().replace(".000Z", "Z")}`;
}
