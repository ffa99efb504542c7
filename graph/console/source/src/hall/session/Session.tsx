import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { SessionDocument, TopicChangedDocument, type SessionWholeFragment } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { day, moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { crumbsTo } from "../crumbs";
import { idAsOf } from "../ids";
import { timeOf } from "../SessionList";
import { ThenAndNow } from "../ThenAndNow";
import { TopicList } from "../TopicList";
import { Came } from "./Came";
import { Opinions, Outcomes } from "./Said";
import "../hall.css";
import "./session.css";

export default function Session() {
  const { t } = useTranslation("session");
  const { id = "" } = useParams();
  const { instant } = useAsOf();
  const asked = useAsk(SessionDocument, { id: idAsOf("session", id, instant) });
  const session = sessionOf(asked.data?.node);

  useFollow(
    TopicChangedDocument,
    { within: session?.platform.division.code ?? "" },
    ({ topicChanged }) => {
      if (session?.topics.some((topic) => topic.id === topicChanged.topic.id)) {
        asked.again();
        announce(t("changed"));
      }
    },
    { pause: session === null || instant !== null },
  );

  return (
    <div className="page">
      <Answer asked={asked}>
        {({ node }) => {
          const shown = sessionOf(node);
          return shown ? (
            <>
              <Head session={shown} />
              {instant !== null && <ThenAndNow />}
              <div className="columns">
                <div className="stack">
                  <Section title={t("agenda")}>
                    <TopicList topics={shown.topics} />
                  </Section>
                  <Minutes session={shown} />
                  <Opinions session={shown} />
                  <Outcomes session={shown} />
                </div>
                <div className="stack">
                  <Facts session={shown} />
                  <Came session={shown} />
                </div>
              </div>
            </>
          ) : (
            <>
              <PageTitle title={t("title")} />
              {instant !== null && <ThenAndNow />}
              <Notice kind="notice" title={t(instant === null ? "none" : "notYet")} />
            </>
          );
        }}
      </Answer>
    </div>
  );
}

function sessionOf(node: { id: string } | SessionWholeFragment | null | undefined): SessionWholeFragment | null {
  return node && "scheduledAt" in node ? node : null;
}

function Head({ session }: { session: SessionWholeFragment }) {
  const { t } = useTranslation("session");
  const link = useLinkAsOf();
  const { platform, status } = session;
  const { division } = platform;
  const at = timeOf(session);
  return (
    <PageTitle title={t("of", { platform: platform.name, day: day(at) })} above={<Crumbs crumbs={crumbsTo([...division.ancestors, division], link)} />}>
      <p className="line">
        <Tag of="SessionStatus" value={status} />
        <time dateTime={at}>{moment(at)}</time>
        <span>{session.venue}</span>
      </p>
      <div className="ways">
        <button type="button" className="button" onClick={() => print()}>
          {t("print")}
        </button>
      </div>
    </PageTitle>
  );
}

function Facts({ session }: { session: SessionWholeFragment }) {
  const { t } = useTranslation("session");
  const name = useNames();
  const link = useLinkAsOf();
  const { platform, scheduledAt, heldAt, venue, form, convener, liaisonGroup } = session;
  return (
    <Section title={t("facts")}>
      <dl className="session-facts">
        <dt>{t("platform")}</dt>
        <dd>
          <Link to={link(`/platforms/${platform.code}`)}>{platform.name}</Link>
        </dd>
        <dt>{t("scheduledAt")}</dt>
        <dd>
          <time dateTime={scheduledAt}>{moment(scheduledAt)}</time>
        </dd>
        {heldAt && (
          <>
            <dt>{t("heldAt")}</dt>
            <dd>
              <time dateTime={heldAt}>{moment(heldAt)}</time>
            </dd>
          </>
        )}
        <dt>{t("venue")}</dt>
        <dd>{venue}</dd>
        <dt>{t("form")}</dt>
        <dd>{name("SessionForm", form)}</dd>
        {convener && (
          <>
            <dt>{t("convener")}</dt>
            <dd>{convener}</dd>
          </>
        )}
        {liaisonGroup && (
          <>
            <dt>{t("liaisonGroup")}</dt>
            <dd>{liaisonGroup.name}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function Minutes({ session: { status, minutes } }: { session: SessionWholeFragment }) {
  const { t } = useTranslation("session");
  if (status !== "HELD") {
    return null;
  }
  return <Section title={t("minutes")}>{minutes ? <p className="written">{minutes}</p> : <p className="soft">{t("noMinutes")}</p>}</Section>;
}
