import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import { card, type DeskCard, type DeskLink } from "../area";
import { READERS, STAFF } from "./rights";

export const links: DeskLink[] = [{ to: "/desk/inbox", word: "cadre:nav.inbox", roles: READERS }];

export const cards: DeskCard[] = [card(STAFF, () => import("./inbox/Card"))];

export const routes: RouteObject[] = [
  page("/desk/inbox", () => import("./inbox/Inbox")),
  page("/desk/inbox/:id", () => import("./matter/Matter")),
  page("/desk/topics/new", () => import("./matter/Propose")),
  page("/desk/topics/:number", () => import("./topic/Topic")),
  page("/desk/sessions/:id", () => import("./session/Session")),
  page("/desk/sessions/:id/record", () => import("./session/Record")),
];
