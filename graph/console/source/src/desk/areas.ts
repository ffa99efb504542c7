import type { DeskArea } from "./area";

/** The areas of the desk, in the order of its navigation. */
export const areas: readonly DeskArea[] = [];
