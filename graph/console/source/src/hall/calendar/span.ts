/** Days from one until another, YYYY-MM-DD, the last left out. */
export interface Span {
  from: string;
  until: string;
}

const COMING_DAYS = 30;
const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** The days of a month, YYYY-MM; without one that can be read, those that follow a day. */
export function span(month: string | null, day: string): Span {
  const read = MONTH.exec(month ?? "");
  if (read === null) {
    const [year = 0, number = 1, date = 1] = day.split("-").map(Number);
    return { from: day, until: text(new Date(Date.UTC(year, number - 1, date + COMING_DAYS))) };
  }
  return { from: `${read[0]}-01`, until: `${besides(read[0], 1)}-01` };
}

/** So many months after a month, YYYY-MM. */
export function besides(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return text(new Date(Date.UTC(year, number - 1 + count, 1))).slice(0, 7);
}

function text(date: Date): string {
  return date.toISOString().slice(0, 10);
}
