import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import type { DeskLink } from "~/desk/area";

export const routes: RouteObject[] = [
  page("/desk/auditor", () => import("./Audit")),
  page("/desk/auditor/topics/:number", () => import("./TopicTrace")),
  page("/desk/auditor/matters/:id", () => import("./MatterTrace")),
];

export const links: DeskLink[] = [{ to: "/desk/auditor", word: "auditor:nav", roles: ["AUDITOR"] }];
