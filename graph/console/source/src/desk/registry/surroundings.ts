import type { PlatformSurroundingsQuery, PlatformTier } from "~generated/graphql";

type Above = NonNullable<PlatformSurroundingsQuery["above"]>["nodes"][number];

/** From the top down. */
const TIERS: readonly PlatformTier[] = ["GENERAL", "SUB", "MICRO"];
const COUNTY_DIGITS = 6;

/** The county that a division lies in, by its code; what is larger than one is its own. */
export function countyOf(code: string): string {
  return code.slice(0, COUNTY_DIGITS);
}

/** The platforms that one of a tier in a division may stand beneath, the nearest first. */
export function parentsFor(tier: PlatformTier, division: string, above: readonly Above[]): Above[] {
  const fit = above.filter((platform) => TIERS.indexOf(platform.tier) < TIERS.indexOf(tier) && division.startsWith(platform.division.code));
  const nearness = ({ tier: its, division: { code } }: Above) => code.length * TIERS.length + TIERS.indexOf(its);
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy already, and toSorted is younger than the oldest browsers
  return fit.sort((one, other) => nearness(other) - nearness(one));
}
