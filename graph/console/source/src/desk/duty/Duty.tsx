import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { DutyDocument, type DutyQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { moment, number, today } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { ChoiceField } from "~/parts/Fields";
import { Figures } from "~/parts/Figures";
import { More } from "~/parts/More";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { Attended } from "./Attended";
import { Records } from "./Records";
import { Scheme } from "./Scheme";

export type DutyOf = NonNullable<DutyQuery["viewer"]["member"]>;
export type DutyRecord = NonNullable<DutyOf["dutyRecords"]>["nodes"][number];

const YEARS = 6;

/** What a member did in a year, and what it came to. */
export default function Duty() {
  const { t } = useTranslation("duty");
  const [parameters, setParameters] = useSearchParams();
  const present = Number(today().slice(0, 4));
  const year = Number(parameters.get("year") ?? present);
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(DutyDocument, { year, after });
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("what")}</p>
      </PageTitle>
      <ChoiceField
        name="year"
        label={t("year.label")}
        required
        options={Array.from({ length: YEARS }, (_, index) => present - index).map((one) => ({ id: String(one), name: t("year.name", { year: one }) }))}
        value={String(year)}
        onChange={(chosen) => {
          setAfter(null);
          setParameters({ year: chosen }, { replace: true });
        }}
      />
      <Answer asked={asked}>
        {({ viewer: { member } }) =>
          member ? (
            <>
              <Summary member={member} year={year} />
              <Section title={t("records.title")}>
                <Records records={member.dutyRecords?.nodes ?? []} />
                <More page={member.dutyRecords?.pageInfo} busy={asked.fetching} onMore={setAfter} />
              </Section>
              <Attended records={member.dutyRecords?.nodes ?? []} />
              <Scheme member={member} year={year} />
            </>
          ) : (
            <Notice kind="notice" title={t("notLinked.title")}>
              <p>{t("notLinked.what")}</p>
            </Notice>
          )
        }
      </Answer>
    </div>
  );
}

function Summary({ member, year }: { member: DutyOf; year: number }) {
  const { t } = useTranslation("duty");
  const assessed = member.dutyAssessment;
  return (
    <Section title={t("summary.title", { name: member.name, year })}>
      <p className="line">
        <span>{member.committee.name}</span>
        <span>{member.sector}</span>
        {member.liaisonGroup && <span>{member.liaisonGroup.name}</span>}
      </p>
      {assessed ? (
        <Figures
          figures={[
            { name: t("summary.points"), value: number(assessed.points, 2) },
            { name: t("summary.grade"), value: assessed.grade ?? t("summary.noGrade") },
            { name: t("summary.records"), value: number(member.dutyRecords?.totalCount ?? 0) },
            {
              name: t("summary.scheme"),
              value: assessed.scheme,
              note: t("summary.assessed", { version: assessed.schemeVersion, at: moment(assessed.assessedAt) }),
            },
          ]}
        />
      ) : (
        <p className="empty">{t("summary.none", { year })}</p>
      )}
    </Section>
  );
}
