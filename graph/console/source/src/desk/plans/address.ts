/** Where a plan is worked at; the newest version, where none is named. */
export function planAddress(platform: string, year: number, version?: number): string {
  return `/desk/plans/${platform}/${year}${version === undefined ? "" : `?version=${version}`}`;
}

/** Where a plan is approved or returned. */
export function approvalAddress(platform: string, year: number): string {
  return `/desk/approvals/${platform}/${year}`;
}
