import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { TopicChangedDocument, TopicDocument } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { crumbsTo } from "../crumbs";
import { ThenAndNow } from "../ThenAndNow";
import { Involved } from "./Involved";
import { Satisfaction } from "./Satisfaction";
import { Stages } from "./Stages";
import { Story } from "./Story";
import type { Topic as Shown } from "./story";
import { Trace } from "./Trace";
import "./topic.css";

export default function Topic() {
  const { t } = useTranslation("hall");
  const { number = "" } = useParams();
  const { instant } = useAsOf();
  const asked = useAsk(TopicDocument, { number, asOf: instant });
  const topic = asked.data?.topic;

  useFollow(
    TopicChangedDocument,
    { within: topic?.platform.division.code ?? "" },
    ({ topicChanged }) => {
      if (topicChanged.topic.id === topic?.id) {
        asked.again();
        announce(t("topic.changed"));
      }
    },
    { pause: topic == null || instant !== null },
  );

  return (
    <div className="page">
      <Answer asked={asked}>
        {({ topic }) =>
          topic ? (
            <>
              <Head topic={topic} />
              <Stages topic={topic} />
              <ThenAndNow />
              <div className="columns">
                <Section title={t("topic.story")}>
                  <Story topic={topic} />
                </Section>
                <div className="stack">
                  <Involved topic={topic} />
                  <Satisfaction topic={topic} />
                </div>
              </div>
              <Trace topic={topic} />
            </>
          ) : (
            <Notice kind="notice" title={t(instant === null ? "topic.none" : "topic.notYet", { number })} />
          )
        }
      </Answer>
    </div>
  );
}

function Head({ topic }: { topic: Shown }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  const { division } = topic.platform;
  return (
    <PageTitle title={topic.title} above={<Crumbs crumbs={crumbsTo([...division.ancestors, division], link)} />}>
      <p className="line">
        <Tag of="TopicStatus" value={topic.status} />
        <span>{topic.number}</span>
        <span>{name("TopicKind", topic.kind)}</span>
        <span>{name("Category", topic.category)}</span>
        <Link to={link(`/platforms/${topic.platform.code}`)}>{topic.platform.name}</Link>
      </p>
      {topic.summary && <p className="topic-summary">{topic.summary}</p>}
      <div className="topic-ways">
        <button type="button" className="button" onClick={() => print()}>
          {t("topic.print")}
        </button>
      </div>
    </PageTitle>
  );
}
