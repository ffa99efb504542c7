import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { FixDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Evidence } from "../Evidence";
import { Found } from "../Found";
import { useJudging } from "../judging";
import { Promised } from "../Promised";
import { canBeJudged } from "../story";
import { ConfirmFix } from "./ConfirmFix";
import "../resident.css";

/** A topic that was fixed, to say how one finds it, and what others say. */
export default function Fix() {
  const { t } = useTranslation("resident");
  const name = useNames();
  const { number = "" } = useParams();
  const asked = useAsk(FixDocument, { number });
  usePolling(asked.again);
  const mayJudge = useJudging();
  const above = <Crumbs crumbs={[{ to: "/desk/fixes", name: t("fixes.title") }]} />;
  return (
    <div className="page narrow">
      <Answer asked={asked}>
        {({ topic }) =>
          topic ? (
            <>
              <PageTitle title={topic.title} above={above}>
                <p className="line">
                  <Tag of="TopicStatus" value={topic.status} />
                  <span>{name("Category", topic.category)}</span>
                  <span>{topic.platform.name}</span>
                  <Link to={`/topics/${topic.number}`}>{t("fixes.whole")}</Link>
                </p>
              </PageTitle>
              <Section title={t("fixes.result")}>
                {topic.resolvedAt ? (
                  <>
                    <time className="soft small" dateTime={topic.resolvedAt}>
                      {day(topic.resolvedAt)}
                    </time>
                    <p className="words">{topic.resolution}</p>
                    <Evidence evidence={topic.evidence} />
                  </>
                ) : (
                  <p className="soft">{t("fixes.notResolved")}</p>
                )}
              </Section>
              {topic.outcomes.length > 0 && (
                <Section title={t("fixes.promised")}>
                  {topic.outcomes.map(({ id, agreement, commitments }) => (
                    <div key={id} className="promised">
                      <p>{agreement}</p>
                      {commitments.length > 0 && <Promised commitments={commitments} judging={mayJudge(topic)} />}
                    </div>
                  ))}
                </Section>
              )}
              {canBeJudged(topic) && mayJudge(topic) && <ConfirmFix topic={topic} />}
              <Section title={t("fixes.others")}>
                {topic.followUps.length === 0 && <p className="soft">{t("fixes.nobody")}</p>}
                <ul className="things">
                  {topic.followUps.map((followUp) => (
                    <li key={followUp.id}>
                      <time className="soft small" dateTime={followUp.at}>
                        {day(followUp.at)}
                      </time>
                      <Found followUp={followUp} />
                    </li>
                  ))}
                </ul>
              </Section>
            </>
          ) : (
            <>
              <PageTitle title={t("fixes.noTopic.title")} above={above} />
              <Notice kind="notice" title={t("fixes.noTopic.what")} />
            </>
          )
        }
      </Answer>
    </div>
  );
}
