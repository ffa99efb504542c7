import { useTranslation } from "react-i18next";
import { Figures as Cards } from "~/parts/Figures";
import { number } from "~/i18n/format";
import { told, type Figures, type MeasureName } from "./figures";

const SHOWN: MeasureName[] = ["platforms", "topics", "sessions", "attendances", "outcomes", "resolved"];

/** A place's figures as cards; beside those of then what they are now. */
export function PlaceFigures({ figures, now }: { figures: Figures; now?: Figures | null | undefined }) {
  const { t } = useTranslation("hall");
  const notes: Partial<Record<MeasureName, string>> = {
    topics: t("figures.kinds", { key: number(figures.topics.key), micro: number(figures.topics.micro) }),
    attendances: figures.attendancesAreLowerBound ? t("figures.atLeast") : "",
    resolved: figures.medianDaysToResolve == null ? "" : t("figures.days", { days: number(figures.medianDaysToResolve, 1) }),
    outcomes: t("figures.commitments", { total: number(figures.commitments.total) }),
  };
  return (
    <Cards
      figures={SHOWN.map((name) => ({
        name: t(`figures.${name}`),
        value: told(name, figures),
        note: now ? t("figures.now", { value: told(name, now) }) : notes[name],
      }))}
    />
  );
}
