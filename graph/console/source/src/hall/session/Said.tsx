import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SessionWholeFragment } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";

interface Props {
  session: SessionWholeFragment;
}

/** What was said, in the session or after it. */
export function Opinions({ session: { opinions, status } }: Props) {
  const { t } = useTranslation("session");
  const name = useNames();
  if (status !== "HELD") {
    return null;
  }
  return (
    <Section title={t("opinions")}>
      {opinions.length === 0 && <p className="soft">{t("noOpinions")}</p>}
      <ul className="things">
        {opinions.map(({ id, role, text, member, topic }) => (
          <li key={id}>
            <span className="line">
              <span className="tag">{name("ParticipantRole", role)}</span>
              {member && <strong>{member.name}</strong>}
            </span>
            <p className="written">{text}</p>
            {topic && <On topic={topic} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What was agreed, who promised what, and what it was turned into. */
export function Outcomes({ session: { outcomes, status } }: Props) {
  const { t } = useTranslation("session");
  const name = useNames();
  if (status !== "HELD") {
    return null;
  }
  return (
    <Section title={t("outcomes")}>
      {outcomes.length === 0 && <p className="soft">{t("noOutcomes")}</p>}
      <ul className="things">
        {outcomes.map(({ id, agreement, reachedOn, topic, commitments, conversions }) => (
          <li key={id}>
            <p className="agreement">{agreement}</p>
            <span className="line">
              <time dateTime={reachedOn}>{t("reached", { day: day(reachedOn) })}</time>
              {conversions.map((conversion) => (
                <span key={conversion.id}>{t("conversion", { kind: name("ConversionKind", conversion.kind), title: conversion.title })}</span>
              ))}
            </span>
            <On topic={topic} />
            {commitments.length > 0 && (
              <ul className="promised" aria-label={t("commitments")}>
                {commitments.map(({ id: key, task, dueOn, status: state, overdue, department }) => (
                  <li key={key}>
                    <p>{t("promised", { department: department.name, task })}</p>
                    <span className="line">
                      <Tag of="CommitmentStatus" value={state} />
                      {overdue && <span className="tag wrong">{t("overdue")}</span>}
                      {dueOn && <span>{t("dueOn", { day: day(dueOn) })}</span>}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function On({ topic }: { topic: { number: string; title: string } }) {
  const { t } = useTranslation("session");
  const link = useLinkAsOf();
  return (
    <p className="small">
      {t("on")} <Link to={link(`/topics/${topic.number}`)}>{topic.title}</Link>
    </p>
  );
}
