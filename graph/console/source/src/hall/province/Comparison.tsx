import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "~/parts/Choice";
import { Section } from "~/parts/Page";
import { MEASURE_NAMES, MEASURES, type MeasureName } from "../figures";
import { DivisionMap } from "../map/DivisionMap";
import { PlaceTable, type Place } from "../PlaceTable";

interface City extends Place {
  children: readonly (Place & { kind: string })[];
}

type Level = "city" | "county";

/** The places of the province beside each other: a map shaded by a chosen figure, and the same as a table. */
export function Comparison({ cities }: { cities: readonly City[] }) {
  const { t } = useTranslation("hall");
  const [level, setLevel] = useState<Level>("city");
  const [measure, setMeasure] = useState<MeasureName>("topics");
  const places = useMemo(
    () => (level === "city" ? cities : cities.flatMap(({ children }) => children.filter(({ kind }) => kind === "ADMINISTRATIVE"))),
    [level, cities],
  );
  const shaded = useMemo(
    () => places.map(({ code, name, statistics }) => ({ code, name, value: statistics ? MEASURES[measure].value(statistics) : null })),
    [places, measure],
  );
  return (
    <Section
      title={t("comparison.title")}
      aside={
        <Choice
          label={t("comparison.level")}
          options={["city", "county"] as const}
          chosen={level}
          name={(each) => t(`comparison.${each}`)}
          onChoose={setLevel}
        />
      }
    >
      <Choice
        label={t("comparison.measure")}
        options={MEASURE_NAMES}
        chosen={measure}
        name={(each) => t(`figures.${each}`)}
        onChoose={setMeasure}
      />
      <div className="comparison">
        <DivisionMap
          level={level}
          label={t("comparison.map", { measure: t(`figures.${measure}`) })}
          shaded={shaded}
          format={MEASURES[measure].format}
        />
        <div className="comparison-table">
          <PlaceTable caption={t("comparison.table")} places={places} />
        </div>
      </div>
    </Section>
  );
}
