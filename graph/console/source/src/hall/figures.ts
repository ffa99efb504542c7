import type { FiguresFragment } from "~generated/graphql";
import { number, share } from "~/i18n/format";

export type Figures = FiguresFragment;

interface Measure {
  value: (figures: Figures) => number | null;
  format: (value: number) => string;
}

/** What places are compared by. Their names are words of the hall. */
export const MEASURES = {
  platforms: { value: ({ platforms }) => platforms.total, format: number },
  topics: { value: ({ topics }) => topics.total, format: number },
  sessions: { value: ({ sessionsHeld }) => sessionsHeld, format: number },
  attendances: { value: ({ attendances }) => attendances, format: number },
  outcomes: { value: ({ outcomes }) => outcomes, format: number },
  resolved: { value: ({ resolutionRate }) => resolutionRate ?? null, format: share },
  satisfaction: { value: ({ satisfaction }) => satisfaction ?? null, format: (value) => number(value, 2) },
  overdue: { value: ({ commitments }) => commitments.overdue, format: number },
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

export function told(name: MeasureName, figures: Figures): string {
  const measure: Measure = MEASURES[name];
  const value = measure.value(figures);
  return value === null ? "—" : measure.format(value);
}
