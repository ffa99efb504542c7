import { useTranslation } from "react-i18next";
import { number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import type { DutyOf } from "./Duty";

/** What counts under the scheme that the year was assessed by, or the committee's newest. */
export function Scheme({ member, year }: { member: DutyOf; year: number }) {
  const { t } = useTranslation("duty");
  const name = useNames();
  const assessed = member.dutyAssessment;
  const schemes = member.committee.dutySchemes;
  const scheme =
    schemes.find((one) => one.name === assessed?.scheme && one.version === assessed.schemeVersion) ??
    schemes.find(({ firstYear, lastYear }) => firstYear <= year && year <= (lastYear ?? year));
  if (!scheme) {
    return null;
  }
  return (
    <Section title={t("scheme.title", { name: scheme.name, version: scheme.version })}>
      <TableFrame label={t("scheme.rules")}>
        <table className="table">
          <caption>{scheme.cap == null ? t("scheme.rules") : t("scheme.cap", { cap: number(scheme.cap, 2) })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("records.act")}</th>
              <th scope="col" className="number">{t("scheme.each")}</th>
              <th scope="col" className="number">{t("scheme.most")}</th>
            </tr>
          </thead>
          <tbody>
            {scheme.rules.map((rule) => (
              <tr key={rule.act}>
                <th scope="row">{name("DutyAct", rule.act)}</th>
                <td className="number">{number(rule.points, 2)}</td>
                <td className="number">{rule.cap == null ? "—" : number(rule.cap, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {scheme.grades.length > 0 && (
        <p className="line">
          {scheme.grades.map((grade) => (
            <span key={grade.name}>{t("scheme.grade", { name: grade.name, from: number(grade.from, 2) })}</span>
          ))}
        </p>
      )}
    </Section>
  );
}
