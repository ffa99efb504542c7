import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import type { DeskLink } from "~/desk/area";

export const routes: RouteObject[] = [
  page("/desk/notices", () => import("./Notices")),
  page("/desk/commitments", () => import("./Commitments")),
];

export const links: DeskLink[] = [
  { to: "/desk/notices", word: "department:nav.notices", roles: ["DEPARTMENT"] },
  { to: "/desk/commitments", word: "department:nav.commitments", roles: ["DEPARTMENT"] },
];
