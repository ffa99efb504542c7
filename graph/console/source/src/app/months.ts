/** Months as steps of a slider: 0 is the first month, the last is this one. */
export interface Months {
  count: number;
  /** The last day of a month, YYYY-MM-DD. */
  lastDay: (step: number) => string;
  step: (day: string) => number;
}

/** The months from that of one day to that of another, both YYYY-MM-DD. */
export function months(first: string, last: string): Months {
  const from = monthOf(first);
  return {
    count: monthOf(last) - from + 1,
    lastDay: (step) => new Date(Date.UTC(Math.floor((from + step) / 12), ((from + step) % 12) + 1, 0)).toISOString().slice(0, 10),
    step: (day) => Math.max(0, monthOf(day) - from),
  };
}

function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}
