import { createContext, useContext } from "react";
import type { Role, ViewerQuery } from "~generated/graphql";

export type Viewer = ViewerQuery["viewer"];

export const ViewerContext = createContext<Viewer>({ subject: null, grants: [] });

/** Who works at the desk. */
export function useViewer(): Viewer {
  return useContext(ViewerContext);
}

/** Whether somebody has one of the roles, anywhere. */
export function has({ grants }: Viewer, roles: readonly Role[]): boolean {
  return grants.some(({ role }) => roles.includes(role));
}

/** The divisions where somebody has one of the roles, each once. */
export function divisionsOf({ grants }: Viewer, roles: readonly Role[]) {
  const found = grants.flatMap(({ role, division }) => (division && roles.includes(role) ? [division] : []));
  return [...new Map(found.map((division) => [division.code, division])).values()];
}

/** Whether somebody has one of the roles over a division, or over one that it lies in. */
export function hasOver(viewer: Viewer, roles: readonly Role[], code: string): boolean {
  return divisionsOf(viewer, roles).some((place) => code.startsWith(place.code));
}

/** The departments for which somebody works, each once. */
export function departmentsOf({ grants }: Viewer) {
  const found = grants.flatMap(({ role, department }) => (department && role === "DEPARTMENT" ? [department] : []));
  return [...new Map(found.map((department) => [department.code, department])).values()];
}
