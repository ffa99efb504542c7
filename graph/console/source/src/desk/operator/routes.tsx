import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import type { DeskLink } from "~/desk/area";

export const routes: RouteObject[] = [
  page("/desk/operator", () => import("./Overview")),
  page("/desk/operator/:code", () => import("./Department")),
];

export const links: DeskLink[] = [{ to: "/desk/operator", word: "operator:nav", roles: ["OPERATOR", "SECRETARIAT"] }];
