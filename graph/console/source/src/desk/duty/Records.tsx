import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { day, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { TableFrame } from "~/parts/TableFrame";
import { sourceOf } from "./source";
import type { DutyRecord } from "./Duty";

/** Each point with the act that earned it and the rule that gives it. */
export function Records({ records }: { records: readonly DutyRecord[] }) {
  const { t } = useTranslation("duty");
  const name = useNames();
  if (records.length === 0) {
    return <p className="empty">{t("records.empty")}</p>;
  }
  return (
    <TableFrame label={t("records.title")}>
      <table className="table">
        <caption>{t("records.what")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("records.on")}</th>
            <th scope="col">{t("records.act")}</th>
            <th scope="col">{t("records.source")}</th>
            <th scope="col" className="number">{t("records.points")}</th>
            <th scope="col">{t("records.rule")}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => {
            const shown = sourceOf(record.source);
            return (
              <tr key={record.id}>
                <td>{day(record.on)}</td>
                <td>{name("DutyAct", record.act)}</td>
                <th scope="row">{shown?.to ? <Link to={shown.to}>{shown.title}</Link> : (shown?.title ?? "—")}</th>
                <td className="number">{number(record.points, 2)}</td>
                <td className="soft small">{record.rule.split(":")[0]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
