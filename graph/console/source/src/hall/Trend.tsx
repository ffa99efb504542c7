import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TrendPointFragment } from "~generated/graphql";
import { Chart } from "~/charts/Chart";
import { BLUE, FONT, GOLD, INK_SOFT, LINE, RED, TIP } from "~/charts/look";
import { month, number } from "~/i18n/format";
import { Disclosed } from "~/parts/Disclosed";
import { Section } from "~/parts/Page";

/** A place's topics, sessions and outcomes by month, as a chart and as a table. */
export function Trend({ points }: { points: readonly TrendPointFragment[] | null | undefined }) {
  const { t } = useTranslation("hall");
  const option = useMemo(() => {
    const series = (name: string, color: string, type: "bar" | "line", values: number[]) => ({
      name,
      type,
      data: values,
      color,
      ...(type === "line" ? { symbol: "circle", symbolSize: 5 } : { barMaxWidth: 16, itemStyle: { borderRadius: [3, 3, 0, 0] } }),
    });
    const drawn = points ?? [];
    return {
      textStyle: { fontFamily: FONT },
      grid: { left: 0, right: 8, top: 40, bottom: 0, containLabel: true },
      legend: { top: 0, right: 0, textStyle: { color: INK_SOFT } },
      tooltip: { ...TIP, trigger: "axis" },
      xAxis: {
        type: "category",
        data: drawn.map(({ from }) => month(from)),
        axisLine: { lineStyle: { color: LINE } },
        axisTick: { show: false },
        axisLabel: { color: INK_SOFT, hideOverlap: true },
      },
      yAxis: { type: "value", axisLabel: { color: INK_SOFT }, splitLine: { lineStyle: { color: LINE } } },
      series: [
        series(t("trend.topics"), RED, "bar", drawn.map(({ statistics }) => statistics.topics.total)),
        series(t("trend.sessions"), BLUE, "line", drawn.map(({ statistics }) => statistics.sessionsHeld)),
        series(t("trend.outcomes"), GOLD, "line", drawn.map(({ statistics }) => statistics.outcomes)),
      ],
    };
  }, [points, t]);

  if (!points?.some(({ statistics }) => statistics.topics.total + statistics.sessionsHeld > 0)) {
    return null;
  }
  return (
    <Section title={t("trend.title")}>
      <Chart label={t("trend.chart")} option={option} />
      <Disclosed title={t("trend.table")}>
        <div className="table-frame" role="region" aria-label={t("trend.title")} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("trend.month")}</th>
                <th scope="col" className="number">
                  {t("trend.topics")}
                </th>
                <th scope="col" className="number">
                  {t("trend.sessions")}
                </th>
                <th scope="col" className="number">
                  {t("trend.outcomes")}
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map(({ from, statistics }) => (
                <tr key={from}>
                  <th scope="row">{month(from)}</th>
                  <td className="number">{number(statistics.topics.total)}</td>
                  <td className="number">{number(statistics.sessionsHeld)}</td>
                  <td className="number">{number(statistics.outcomes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Disclosed>
    </Section>
  );
}
