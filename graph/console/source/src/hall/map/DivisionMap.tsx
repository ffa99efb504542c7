import { useMemo } from "react";
import { useNavigate } from "react-router";
import { Chart } from "~/charts/Chart";
import { FONT, INK, LINE, SHADES, TIP } from "~/charts/look";
import cities from "./cities.geo.json?url";
import counties from "./counties.geo.json?url";

export interface Shaded {
  code: string;
  name: string;
  value: number | null;
}

interface Props {
  level: "city" | "county";
  label: string;
  shaded: readonly Shaded[];
  format: (value: number) => string;
}

const MAPS = { city: cities, county: counties };
const LAYOUT = { left: 0, right: 0, top: 4, bottom: 4, preserveAspect: "contain", aspectScale: 0.79 };

async function registerMaps({ registerMap }: typeof import("~/charts/echarts")): Promise<void> {
  await Promise.all(
    Object.entries(MAPS).map(async ([name, file]) => {
      const answer = await fetch(file);
      registerMap(name, (await answer.json()) as never);
    }),
  );
}

/** The province's cities or counties, the darker the higher a figure; one that is clicked is opened. */
export function DivisionMap({ level, label, shaded, format }: Props) {
  const navigate = useNavigate();
  const option = useMemo(() => {
    const names = new Map(shaded.map(({ code, name }) => [code, name]));
    const values = shaded.flatMap(({ value }) => (value === null ? [] : [value]));
    const least = values.length === 0 ? 0 : Math.min(...values);
    const most = values.length === 0 ? 0 : Math.max(...values);
    return {
      textStyle: { fontFamily: FONT },
      tooltip: {
        ...TIP,
        formatter: ({ name, value }: { name: string; value: number }) =>
          `${names.get(name) ?? ""}  ${Number.isFinite(value) ? format(value) : "—"}`,
      },
      visualMap: {
        min: least,
        max: most > least ? most : least + 1,
        text: [format(most), format(least)],
        left: 0,
        bottom: 0,
        itemWidth: 12,
        itemHeight: 110,
        inRange: { color: SHADES },
        textStyle: { color: INK },
      },
      geo:
        level === "county"
          ? { map: "city", ...LAYOUT, silent: true, z: 5, itemStyle: { areaColor: "transparent", borderColor: "#7d5a4a", borderWidth: 1.4 } }
          : undefined,
      series: [
        {
          type: "map",
          map: level,
          nameProperty: level === "city" ? "city" : "code",
          ...LAYOUT,
          selectedMode: false,
          itemStyle: { areaColor: "#f3ede4", borderColor: level === "city" ? "#fff" : LINE, borderWidth: level === "city" ? 1.5 : 0.7 },
          emphasis: { itemStyle: { areaColor: "#f2c14e" }, label: { color: INK } },
          label: {
            show: level === "city",
            color: INK,
            fontSize: 12,
            textBorderColor: "#fff",
            textBorderWidth: 2.5,
            formatter: ({ name }: { name: string }) => names.get(name) ?? "",
          },
          data: shaded.map(({ code, value }) => ({ name: code, value: value ?? Number.NaN })),
        },
      ],
    };
  }, [level, shaded, format]);
  return (
    <Chart className="map" label={label} option={option} prepare={registerMaps} onPick={(code) => navigate(`/divisions/${code}`)} />
  );
}
