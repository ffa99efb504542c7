import type { Role } from "~generated/graphql";
import { hasOver, useViewer } from "../viewer";

/** Roles that act for the platforms of their place. */
export const STAFF: readonly Role[] = ["CADRE", "SECRETARIAT"];

/** Roles that see what staff sees. */
export const READERS: readonly Role[] = [...STAFF, "APPROVER", "AUDITOR"];

/** Whether who works at the desk is staff of a division. */
export function useStaffOf(code: string): boolean {
  return hasOver(useViewer(), STAFF, code);
}
