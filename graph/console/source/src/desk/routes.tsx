import type { RouteObject } from "react-router";
import { Failed } from "~/app/Failed";
import { page } from "~/app/page";
import { areas } from "./areas";

/** The pages for those who are signed in. */
export const desk: RouteObject[] = [
  {
    lazy: async () => ({ Component: (await import("./Desk")).default }),
    errorElement: <Failed />,
    children: [page("/desk", () => import("./home/Home")), ...areas.flatMap(({ routes }) => routes)],
  },
];
