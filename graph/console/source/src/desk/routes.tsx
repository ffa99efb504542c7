import type { RouteObject } from "react-router";
import { Failed } from "~/app/Failed";
import { page } from "~/app/page";
import { allWords } from "~/i18n/language";
import { areas } from "./areas";

/** The pages for those who are signed in. */
export const desk: RouteObject[] = [
  {
    lazy: async () => {
      const [{ default: Component }] = await Promise.all([import("./Desk"), allWords()]);
      return { Component };
    },
    errorElement: <Failed />,
    children: [page("/desk", () => import("./home/Home")), ...areas.flatMap(({ routes }) => routes)],
  },
];
