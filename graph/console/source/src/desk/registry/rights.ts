import type { Role } from "~generated/graphql";

/** Who records what took place at a practice center; the secretariat opens one, too. */
export const CENTERS: readonly Role[] = ["SECRETARIAT", "CADRE"];
