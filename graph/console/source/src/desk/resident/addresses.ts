/** Where somebody follows what they raised. */
export function addressOf({ id }: { id: string }): string {
  return `/desk/matters/${encodeURIComponent(id)}`;
}
