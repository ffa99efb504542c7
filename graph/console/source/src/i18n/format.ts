import { tag } from "./language";

const CHINA = "Asia/Shanghai";
const formats = new Map<string, Intl.DateTimeFormat>();

function format(value: string | Date, options: Intl.DateTimeFormatOptions): string {
  const key = `${tag()} ${JSON.stringify(options)}`;
  const found = formats.get(key) ?? new Intl.DateTimeFormat(tag(), { timeZone: CHINA, ...options });
  formats.set(key, found);
  return found.format(typeof value === "string" ? new Date(value) : value);
}

/** 2023年11月1日; 1 November 2023. A day of the API (YYYY-MM-DD) or an instant, as days are counted in China. */
export function day(value: string): string {
  return format(value.length === 10 ? `${value}T12:00:00+08:00` : value, { dateStyle: "long" });
}

/** 2023年11月1日 周三 09:30. */
export function moment(value: string): string {
  return format(value, { year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** 09:30. */
export function time(value: string): string {
  return format(value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** 2023年11月1日星期三; Wednesday, 1 November 2023. */
export function weekday(value: string): string {
  return format(value.length === 10 ? `${value}T12:00:00+08:00` : value, { dateStyle: "full" });
}

/** 2023年11月; Nov 2023. */
export function month(value: string): string {
  return format(value.length === 10 ? `${value}T12:00:00+08:00` : value, { year: "numeric", month: tag() === "en" ? "short" : "long" });
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(tag(), { maximumFractionDigits: digits }).format(value);
}

export function share(value: number): string {
  return new Intl.NumberFormat(tag(), { style: "percent", maximumFractionDigits: 0 }).format(value);
}

const DAYS = new Intl.DateTimeFormat("sv-SE", { timeZone: CHINA });

/** The day in China, YYYY-MM-DD, of an instant; a day is its own. */
export function dayOf(value: string): string {
  return value.length > 10 ? DAYS.format(new Date(value)) : value;
}

/** Today's day in China, YYYY-MM-DD. */
export function today(): string {
  return DAYS.format(new Date());
}
