import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { DeskMatterDocument, DeskTopicChangedDocument, type DeskMatterQuery } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Facts } from "../Facts";
import { Offers } from "../Offers";
import { BackToInbox, NothingHere, NotStaff } from "../Place";
import { useStaffOf } from "../rights";
import { Story } from "../Story";
import { useMatterOffers } from "./offers";
import "../cadre.css";

export type Matter = Exclude<NonNullable<DeskMatterQuery["node"]>, Record<PropertyKey, never>>;

function isMatter(node: DeskMatterQuery["node"]): node is Matter {
  return node !== null && "version" in node;
}

/** A matter at the desk: what somebody raised, and what staff does with it. */
export default function MatterPage() {
  const { id = "" } = useParams();
  const asked = useAsk(DeskMatterDocument, { id });
  usePolling(asked.again);
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ node }) => (isMatter(node) ? <Shown matter={node} again={asked.again} /> : <NothingHere />)}
      </Answer>
    </div>
  );
}

function Shown({ matter, again }: { matter: Matter; again: () => void }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const { division } = matter.platform;
  const staff = useStaffOf(division.code);
  useFollow(DeskTopicChangedDocument, { within: division.code }, again, { pause: matter.topic === null });
  return (
    <>
      <PageTitle title={matter.title} above={<BackToInbox />}>
        <p className="line">
          <Tag of="MatterStatus" value={matter.status} />
          {matter.overdue && <span className="tag wrong">{t("late")}</span>}
          {matter.hidden && <span className="tag">{t("matter.hidden")}</span>}
          <span>{t("matter.kind")}</span>
        </p>
      </PageTitle>
      <div className="columns">
        <div className="stack">
          {staff ? <Acts matter={matter} /> : <NotStaff place={division.name} />}
          <Section title={t("matter.said")}>
            <p className="prose">{matter.description}</p>
            {matter.publishedDescription !== matter.description && (
              <>
                <h3>{t("matter.published")}</h3>
                <p className="prose soft">{matter.publishedDescription}</p>
              </>
            )}
          </Section>
          {matter.answer && (
            <Section title={t(matter.status === "DECLINED" ? "matter.declined" : "matter.answer")}>
              <p className="prose">{matter.answer}</p>
              {matter.answeredAt && <p className="soft small">{moment(matter.answeredAt)}</p>}
            </Section>
          )}
        </div>
        <div className="stack">
          <Section title={t("facts")}>
            <Facts
              facts={[
                [t("fact.platform"), matter.platform.name],
                [t("fact.raisedBy"), name("ParticipantRole", matter.raisedBy)],
                [t("fact.raisedAt"), moment(matter.raisedAt)],
                [t("fact.acceptedAt"), matter.acceptedAt && moment(matter.acceptedAt)],
                [t("fact.category"), name("Category", matter.category)],
                [t("fact.nature"), matter.nature && name("MatterNature", matter.nature)],
                [
                  t("fact.topic"),
                  matter.topic && (
                    <Link to={`/desk/topics/${matter.topic.number}`}>
                      {matter.topic.number} {matter.topic.title}
                    </Link>
                  ),
                ],
              ]}
            />
          </Section>
          <Story trace={matter.trace} />
        </div>
      </div>
    </>
  );
}

function Acts({ matter }: { matter: Matter }) {
  const { t } = useTranslation("cadre");
  return <Offers next={t(`matter.next.${matter.status}`)} offers={useMatterOffers(matter)} />;
}
