import { createBrowserRouter, type RouteObject } from "react-router";
import { basename } from "~/api/base";
import { Failed, NotFound } from "./Failed";
import { Shell } from "./Shell";

type Page = { default: React.ComponentType };

/** A page that is loaded when it is opened. */
function page(path: string, load: () => Promise<Page>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).default }), errorElement: <Failed /> };
}

export const hall: RouteObject[] = [
  page("/", () => import("~/hall/province/Province")),
  page("/sign-in", () => import("~/auth/SignIn")),
];

export const desk: RouteObject[] = [];

export const router = createBrowserRouter(
  [{ element: <Shell />, errorElement: <Failed />, hydrateFallbackElement: <></>, children: [...hall, ...desk, { path: "*", element: <NotFound /> }] }],
  { basename: basename || "/" },
);
