import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";
import { DeskTopicChangedDocument, DeskTopicDocument, type DeskTopicQuery } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { day, moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Facts } from "../Facts";
import { Offers } from "../Offers";
import { BackToInbox, NothingHere, NotStaff } from "../Place";
import { useStaffOf } from "../rights";
import { Story } from "../Story";
import { Departments } from "./Departments";
import { FollowUps } from "./FollowUps";
import { useTopicOffers } from "./offers";
import { Outcomes } from "./Outcomes";
import { Sessions } from "./Sessions";
import { useStanding } from "./standing";
import "../cadre.css";

export type Topic = NonNullable<DeskTopicQuery["topic"]>;

/** A topic at the desk: where it stands, and all that staff does with it. */
export default function TopicPage() {
  const { number = "" } = useParams();
  const asked = useAsk(DeskTopicDocument, { number });
  return (
    <div className="page">
      <Answer asked={asked}>{({ topic }) => (topic ? <Shown topic={topic} again={asked.again} /> : <NothingHere />)}</Answer>
    </div>
  );
}

function Shown({ topic, again }: { topic: Topic; again: () => void }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const { division } = topic.platform;
  const staff = useStaffOf(division.code);
  useFollow(DeskTopicChangedDocument, { within: division.code }, ({ topicChanged }) => {
    if (topicChanged.topic.id === topic.id) {
      again();
      announce(t("topic.changed"));
    }
  });
  return (
    <>
      <PageTitle title={topic.title} above={<BackToInbox />}>
        <p className="line">
          <Tag of="TopicStatus" value={topic.status} />
          <span>{topic.number}</span>
          <span>{name("TopicKind", topic.kind)}</span>
          <span>{name("Category", topic.category)}</span>
          <Link to={`/topics/${topic.number}`}>{t("topic.inHall")}</Link>
        </p>
      </PageTitle>
      <Warnings />
      <div className="columns">
        <div className="stack">
          {staff ? <Acts topic={topic} /> : <NotStaff place={division.name} />}
          <Departments topic={topic} staff={staff} />
          <Sessions topic={topic} />
          <Outcomes topic={topic} staff={staff} />
          <FollowUps topic={topic} />
        </div>
        <div className="stack">
          <About topic={topic} />
          <Story trace={topic.trace} />
        </div>
      </div>
    </>
  );
}

/** What the act that led here found in its texts. */
function Warnings() {
  const { t } = useTranslation("parts");
  const { state } = useLocation() as { state: { warnings?: readonly string[] } | null };
  if (!state?.warnings?.length) {
    return null;
  }
  return (
    <Notice kind="notice" title={t("warned")}>
      <ul>
        {state.warnings.map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Acts({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const next = useStanding(topic);
  return (
    <Offers next={next} offers={useTopicOffers(topic)}>
      {topic.status === "LISTED" && topic.kind === "KEY" && topic.planItem?.plan.status !== "APPROVED" && (
        <Notice kind="notice" title={t("topic.unplanned.title")}>
          <p>{t("topic.unplanned.what")}</p>
        </Notice>
      )}
    </Offers>
  );
}

function About({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  return (
    <Section title={t("facts")}>
      {topic.summary && <p className="prose">{topic.summary}</p>}
      <Facts
        facts={[
          [t("fact.platform"), topic.platform.name],
          [t("fact.plan"), topic.planItem && t("topic.plan", { year: topic.planItem.plan.year })],
          [t("fact.proposedAt"), moment(topic.proposedAt)],
          [t("fact.listedAt"), topic.listedAt && moment(topic.listedAt)],
          [t("fact.scheduledAt"), topic.scheduledAt && moment(topic.scheduledAt)],
          [t("fact.resolvedAt"), topic.resolvedAt && moment(topic.resolvedAt)],
          [t("fact.resolution"), topic.resolution],
          [t("fact.confirmedAt"), topic.confirmedFixedAt && day(topic.confirmedFixedAt)],
          [
            t("fact.matters"),
            topic.matters.length > 0 && (
              <ul className="bare">
                {topic.matters.map(({ id, title }) => (
                  <li key={id}>
                    <Link to={`/desk/inbox/${id}`}>{title}</Link>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      <EvidenceList evidence={topic.evidence} />
    </Section>
  );
}

/** Documents that show something; an address that was withheld is empty. */
export function EvidenceList({ evidence }: { evidence: readonly { id: string; url: string; note?: string | null }[] }) {
  const { t } = useTranslation("cadre");
  if (evidence.length === 0) {
    return null;
  }
  return (
    <ul className="bare small" aria-label={t("evidence")}>
      {evidence.map(({ id, url, note }) => (
        <li key={id}>
          {/^https?:\/\//.test(url) ? (
            <a href={url} rel="noreferrer" target="_blank">
              {note ?? url}
            </a>
          ) : (
            (note ?? url)
          )}
        </li>
      ))}
    </ul>
  );
}
