import { useTranslation } from "react-i18next";
import { RelayNowDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { moment, number } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { Figures } from "~/parts/Figures";
import { PageTitle, Section } from "~/parts/Page";
import { Departments } from "./Departments";
import { lanesOf, relayDoes } from "./lanes";
import { Lanes } from "./Lanes";
import { useNow } from "./useNow";
import "./operator.css";

const POLL_S = 5;

/** What the relay does, what waits and what stops it, and how the departments' channels are. */
export default function Overview() {
  const { t } = useTranslation("operator");
  const asked = useAsk(RelayNowDocument, {});
  const now = useNow();
  usePolling(asked.again, POLL_S);
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("what", { seconds: POLL_S })}</p>
      </PageTitle>
      <Answer asked={asked}>
        {({ pending, parked, confirmed, skipped, unanswered }) => {
          const lanes = lanesOf([...(parked?.nodes ?? []), ...(pending?.nodes ?? [])], now);
          const lastSentAt = confirmed?.nodes[0]?.confirmedAt;
          const doing = relayDoes(lanes, lastSentAt, now);
          const total = (pending?.totalCount ?? 0) + (parked?.totalCount ?? 0);
          return (
            <>
              <Section title={t("relay.title")}>
                <p className={`relay ${doing}`} role="status">
                  <strong>{t(`relay.${doing}.title`)}</strong> {t(`relay.${doing}.what`)}
                </p>
                <p className="line">
                  <span>{lastSentAt ? t("relay.last", { when: moment(lastSentAt) }) : t("relay.never")}</span>
                  {lanes[0] && <span>{t("relay.oldest", { when: moment(lanes[0].since) })}</span>}
                </p>
              </Section>
              <Figures
                figures={[
                  { name: t("figures.pending"), value: number(pending?.totalCount ?? 0) },
                  { name: t("figures.parked"), value: number(parked?.totalCount ?? 0) },
                  { name: t("figures.confirmed"), value: number(confirmed?.totalCount ?? 0) },
                  { name: t("figures.unanswered"), value: number(unanswered?.totalCount ?? 0) },
                  { name: t("figures.skipped"), value: number(skipped?.totalCount ?? 0) },
                ]}
              />
              <Section title={t("lanes.title")}>
                <Lanes lanes={lanes} total={total} now={now} />
              </Section>
            </>
          );
        }}
      </Answer>
      <Departments />
    </div>
  );
}
