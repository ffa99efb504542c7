import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import type { DeskLink } from "../area";

export const routes: RouteObject[] = [page("/desk/duty", () => import("./Duty"))];

export const links: DeskLink[] = [{ to: "/desk/duty", word: "duty:nav", roles: ["MEMBER"] }];
