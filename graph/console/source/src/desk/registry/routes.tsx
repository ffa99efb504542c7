import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import type { DeskLink } from "../area";
import { CENTERS } from "./rights";

export const routes: RouteObject[] = [
  page("/desk/grants", () => import("./Grants")),
  page("/desk/departments", () => import("./Departments")),
  page("/desk/platforms", () => import("./Platforms")),
  page("/desk/centers", () => import("./Centers")),
  page("/desk/members", () => import("./Members")),
];

export const links: DeskLink[] = [
  { to: "/desk/grants", word: "registry:grants.nav", roles: ["SECRETARIAT"] },
  { to: "/desk/departments", word: "registry:departments.nav", roles: ["SECRETARIAT"] },
  { to: "/desk/platforms", word: "registry:platforms.nav", roles: ["SECRETARIAT"] },
  { to: "/desk/centers", word: "registry:centers.nav", roles: CENTERS },
  { to: "/desk/members", word: "registry:members.nav", roles: ["SECRETARIAT"] },
];
