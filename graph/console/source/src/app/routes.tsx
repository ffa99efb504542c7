import { createBrowserRouter, type RouteObject } from "react-router";
import { basename } from "~/api/base";
import { desk } from "~/desk/routes";
import { Failed, NotFound } from "./Failed";
import { page } from "./page";
import { Shell } from "./Shell";

export const hall: RouteObject[] = [
  page("/", () => import("~/hall/province/Province")),
  page("/divisions/:code", () => import("~/hall/division/Division")),
  page("/topics/:number", () => import("~/hall/topic/Topic")),
  page("/platforms/:code", () => import("~/hall/platform/Platform")),
  page("/sessions/:id", () => import("~/hall/session/Session")),
  page("/search", () => import("~/hall/search/Search")),
  page("/calendar", () => import("~/hall/calendar/Calendar")),
  page("/centers/:id", () => import("~/hall/center/Center")),
  page("/sign-in", () => import("~/auth/SignIn")),
];

export const router = createBrowserRouter(
  [{ element: <Shell />, errorElement: <Failed />, hydrateFallbackElement: <></>, children: [...hall, ...desk, { path: "*", element: <NotFound /> }] }],
  { basename: basename || "/" },
);
