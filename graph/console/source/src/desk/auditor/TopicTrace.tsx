import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { TopicTraceDocument, type TopicTraceQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Chain } from "./Chain";
import { Saving } from "./Saving";
import { useOwn } from "./own";

/** The trace of a topic and of the matters that it is made of, and whether it is what was recorded. */
export default function TopicTrace() {
  const { t } = useTranslation("auditor");
  const { number = "" } = useParams();
  const asked = useAsk(TopicTraceDocument, { number });
  return (
    <div className="page">
      <Answer asked={asked}>{({ topic }) => (topic ? <Traced topic={topic} /> : <Nothing number={number} />)}</Answer>
      {!asked.data && <PageTitle title={t("title")} />}
    </div>
  );
}

function Nothing({ number }: { number: string }) {
  const { t } = useTranslation("auditor");
  return (
    <>
      <PageTitle title={t("title")} above={<Crumbs crumbs={[{ to: "/desk/auditor", name: t("title") }]} />} />
      <Notice kind="notice" title={t("find.none", { number })} />
    </>
  );
}

function Traced({ topic }: { topic: NonNullable<TopicTraceQuery["topic"]> }) {
  const { t } = useTranslation("auditor");
  const own = useOwn(topic.id, topic.trace);
  return (
    <>
      <PageTitle title={t("traceOf", { title: topic.title })} above={<Crumbs crumbs={[{ to: "/desk/auditor", name: t("title") }]} />}>
        <p className="line">
          <Link to={`/topics/${topic.number}`}>{topic.number}</Link>
          <Tag of="TopicStatus" value={topic.status} />
          <span>{t("command", { number: topic.number })}</span>
        </p>
        <Saving name={topic.number} content={topic} />
      </PageTitle>
      <Chain title={t("ofTopic")} entries={own} />
      {topic.matters.map((matter) => (
        <Chain key={matter.id} title={t("ofMatter", { title: matter.title })} entries={matter.trace} />
      ))}
    </>
  );
}
