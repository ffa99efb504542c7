import { today } from "~/i18n/format";

const MONTHS = 24;

/** The two years of whole months up to that of a day, or of today: from its first day until another, which is left out. */
export function monthsUntil(day: string | null): { from: string; until: string } {
  const last = day ?? today();
  const after = Number(last.slice(0, 4)) * 12 + Number(last.slice(5, 7));
  return { from: firstOf(after - MONTHS), until: firstOf(after) };
}

function firstOf(month: number): string {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12, 1)).toISOString().slice(0, 10);
}
