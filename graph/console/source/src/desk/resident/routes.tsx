import type { RouteObject } from "react-router";
import type { Role } from "~generated/graphql";
import { page } from "~/app/page";
import { card, type DeskCard, type DeskLink } from "../area";

/** Who may raise matters, and has some to follow. */
export const RAISING: readonly Role[] = ["RESIDENT", "MEMBER", "CADRE", "SECRETARIAT", "DEPARTMENT"];
const RESIDENT: readonly Role[] = ["RESIDENT"];

export const routes: RouteObject[] = [
  page("/desk/matters", () => import("./matters/Matters")),
  page("/desk/matters/new", () => import("./raise/Raise")),
  page("/desk/matters/:id", () => import("./matter/FollowedMatter")),
  page("/desk/fixes", () => import("./fixes/Fixes")),
  page("/desk/fixes/:number", () => import("./fixes/Fix")),
];

export const links: DeskLink[] = [
  { to: "/desk/matters/new", word: "resident:nav.raise", roles: RESIDENT },
  { to: "/desk/matters", word: "resident:nav.matters", roles: RESIDENT },
  { to: "/desk/fixes", word: "resident:nav.fixes", roles: RESIDENT },
];

export const cards: DeskCard[] = [card(RESIDENT, () => import("./ResidentCard"))];
