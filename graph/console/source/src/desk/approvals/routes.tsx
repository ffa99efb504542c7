import type { RouteObject } from "react-router";
import { page } from "~/app/page";
import { card, type DeskCard, type DeskLink } from "../area";

export const routes: RouteObject[] = [
  page("/desk/approvals", () => import("./Approvals")),
  page("/desk/approvals/:platform/:year", () => import("./Approval")),
];

export const links: DeskLink[] = [{ to: "/desk/approvals", word: "approvals:nav", roles: ["APPROVER"] }];

export const cards: DeskCard[] = [card(["APPROVER"], () => import("./ApprovalsCard"))];
