import type { RouteObject } from "react-router";
import { Failed } from "./Failed";

type Page = { default: React.ComponentType };

/** A page that is loaded when it is opened. */
export function page(path: string, load: () => Promise<Page>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).default }), errorElement: <Failed /> };
}
