import { useSearchParams } from "react-router";
import { today } from "~/i18n/format";

/** A day of the past that the address names (`?asOf=2023-11-30`); what the hall shows stood so at its end. */
export function useAsOf(): { day: string | null; instant: string | null; setDay: (day: string | null) => void } {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("asOf");
  const day = asked !== null && /^\d{4}-\d{2}-\d{2}$/.test(asked) && asked < today() ? asked : null;
  return {
    day,
    instant: day === null ? null : endOf(day),
    setDay: (chosen) =>
      setParameters(
        (before) => {
          before.delete("asOf");
          if (chosen !== null && chosen < today()) {
            before.set("asOf", chosen);
          }
          return before;
        },
        { replace: true, preventScrollReset: true },
      ),
  };
}

/** The end of a day in China. */
export function endOf(day: string): string {
  return `${day}T23:59:59+08:00`;
}

/** Makes addresses of the hall that keep the day that is shown. */
export function useLinkAsOf(): (path: string) => string {
  const { day } = useAsOf();
  return (path) => (day === null ? path : `${path}?asOf=${day}`);
}
