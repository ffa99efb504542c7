import { useTranslation } from "react-i18next";

/** What a quarter is called: `name(2)`, and `name(null)` where none is set. */
export function useQuarterNames(): (quarter: number | null | undefined) => string {
  const { t } = useTranslation("plans");
  return (quarter) => t(`quarter.${quarter ?? "none"}`);
}
