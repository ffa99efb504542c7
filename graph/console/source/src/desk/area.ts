import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { RouteObject } from "react-router";
import type { Role } from "~generated/graphql";

/** An entry of the desk's navigation, for those who have one of the roles. */
export interface DeskLink {
  to: string;
  /** Its word with the area that has it: `resident:nav.matters`. */
  word: string;
  roles: readonly Role[];
}

/** What waits for those who have one of the roles, on the desk's first page. */
export interface DeskCard {
  roles: readonly Role[];
  Card: LazyExoticComponent<ComponentType>;
}

/** What each area's `routes.tsx` exports. */
export interface DeskArea {
  routes: RouteObject[];
  links: DeskLink[];
  cards?: DeskCard[];
}

export function card(roles: readonly Role[], load: () => Promise<{ default: ComponentType }>): DeskCard {
  return { roles, Card: lazy(load) };
}
