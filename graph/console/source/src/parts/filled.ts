/** What somebody filled into a field; null where they left it empty. */
export function words(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** What must be filled in: the form does not let it go without. */
export function needed(form: FormData, name: string): string {
  return words(form, name) ?? "";
}

/** One thing in each line. */
export function lines(form: FormData, name: string): string[] {
  return needed(form, name).split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** A whole number; null where the field is empty. */
export function count(form: FormData, name: string): number | null {
  const value = words(form, name);
  return value === null ? null : Number(value);
}

/** The instant of a field of day and time (`2023-11-01T09:30`), which is China's. */
export function instant(form: FormData, name: string): string | null {
  const value = words(form, name);
  return value === null ? null : `${value.length === 16 ? `${value}:00` : value}+08:00`;
}

/** What a field of day and time shows of an instant, in China. */
export function fieldOf(instant: string | Date): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
  return format.format(new Date(instant)).replace(" ", "T");
}
