import type { Crumb } from "~/parts/Page";

interface Place {
  code: string;
  name: string;
}

/** From the province, which is the hall itself, down to a place. */
export function crumbsTo(places: readonly Place[], link: (path: string) => string): Crumb[] {
  return places.map(({ code, name }, depth) => ({ to: link(depth === 0 ? "/" : `/divisions/${code}`), name }));
}
