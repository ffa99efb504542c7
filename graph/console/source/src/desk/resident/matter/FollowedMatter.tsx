import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "react-router";
import { FollowedMatterDocument, MatterTopicChangedDocument, type RaiseMatterMutation } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { ConfirmFix } from "../fixes/ConfirmFix";
import { useJudging } from "../judging";
import { Warnings } from "../Warnings";
import { canBeJudged, story, toVerify, type FollowedMatter as Matter } from "../story";
import { Story } from "./Story";
import "../resident.css";

/** What the page of raising leaves for this one. */
export interface Sent {
  sent: { warnings: RaiseMatterMutation["raiseMatter"]["warnings"] };
}

/** A matter that somebody raised, from their words to the confirmed fix. */
export default function FollowedMatter() {
  const { t } = useTranslation("resident");
  const { id = "" } = useParams();
  const asked = useAsk(FollowedMatterDocument, { id });
  usePolling(asked.again);
  const found = asked.data?.node?.__typename === "Matter" ? asked.data.node : null;
  return (
    <div className="page narrow">
      <Answer asked={asked}>
        {() =>
          found === null ? (
            <>
              <PageTitle title={t("matter.none.title")} above={<Crumbs crumbs={[{ to: "/desk/matters", name: t("matters.title") }]} />} />
              <Notice kind="notice" title={t("matter.none.what")} />
            </>
          ) : (
            <Followed matter={found} again={asked.again} />
          )
        }
      </Answer>
    </div>
  );
}

function Followed({ matter, again }: { matter: Matter; again: () => void }) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const { state } = useLocation() as { state: Sent | null };
  const { topic } = matter;
  const judging = useJudging()(topic);
  const changed = useCallback(() => {
    announce(t("matter.changed"));
    again();
  }, [again, t]);
  useFollow(MatterTopicChangedDocument, { within: (topic?.platform ?? matter.platform).division.code }, (change) => {
    if (topic == null || change.topicChanged.topic.id === topic.id) {
      changed();
    }
  });
  return (
    <>
      <PageTitle title={matter.title} above={<Crumbs crumbs={[{ to: "/desk/matters", name: t("matters.title") }]} />}>
        <p className="line">
          <Tag of="MatterStatus" value={matter.status} />
          {matter.overdue && <span className="tag wrong">{t("matters.overdue")}</span>}
          <span>{name("Category", matter.category)}</span>
          {matter.nature && <span>{name("MatterNature", matter.nature)}</span>}
          <span>{matter.platform.name}</span>
        </p>
      </PageTitle>
      {state?.sent && (
        <Notice kind="done" title={t("raise.sent.title")}>
          <p>{t("raise.sent.what")}</p>
          <Warnings warnings={state.sent.warnings} />
        </Notice>
      )}
      {topic && toVerify(topic) && judging && <Notice kind="notice" title={t("promised.waiting")} />}
      {topic && canBeJudged(topic) && judging && <ConfirmFix topic={topic} />}
      <Section title={t("matter.words")}>
        <p className="words">{matter.description}</p>
        {matter.hidden && <p className="soft small">{t("matter.hidden")}</p>}
        {matter.publishedDescription !== matter.description && !matter.hidden && (
          <details>
            <summary>{t("matter.published")}</summary>
            <p className="words">{matter.publishedDescription}</p>
          </details>
        )}
      </Section>
      <Section title={t("matter.story")}>
        <Story matter={matter} steps={story(matter)} judging={judging} />
      </Section>
    </>
  );
}
