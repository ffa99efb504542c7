export interface Refusal {
  code: string;
  message: string;
  path?: readonly string[] | null;
  retryAfter?: number | null;
}

/** Refusals at the fields that a form has, and the others. */
export function sortedRefusals(refusals: readonly Refusal[], fields: readonly string[]): { fieldErrors: Record<string, string>; problems: string[] } {
  const fieldErrors: Record<string, string> = {};
  const problems: string[] = [];
  for (const { message, path } of refusals) {
    const field = fields.find((name) => name === (path ?? []).join(".") || name === path?.[0]);
    if (field !== undefined && !(field in fieldErrors)) {
      fieldErrors[field] = message;
    } else {
      problems.push(message);
    }
  }
  return { fieldErrors, problems };
}
