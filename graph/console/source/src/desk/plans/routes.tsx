import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import { card, type DeskCard, type DeskLink } from "../area";

export const routes: RouteObject[] = [
  page("/desk/plans", () => import("./Plans")),
  page("/desk/plans/:platform/:year", () => import("./Plan")),
];

export const links: DeskLink[] = [{ to: "/desk/plans", word: "plans:nav", roles: ["SECRETARIAT", "CADRE"] }];

export const cards: DeskCard[] = [card(["SECRETARIAT"], () => import("./PlansCard"))];
