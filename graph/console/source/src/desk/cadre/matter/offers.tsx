import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import {
  AcceptMatterDocument, AnswerMatterDocument, DeclineMatterDocument, ListMatterDocument, PickTopicDocument,
} from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { WordsField } from "~/parts/Fields";
import { needed } from "~/parts/filled";
import { Picker } from "~/parts/Picker";
import type { Offer } from "../Offers";
import type { Matter } from "./Matter";

/** What staff can do with a matter. */
export function useMatterOffers(matter: Matter): Offer[] {
  const { t } = useTranslation("cadre");
  const raised = matter.status === "RAISED" ? null : t("matter.why.notRaised");
  const accepted = matter.status === "ACCEPTED" ? null : t(matter.status === "RAISED" ? "matter.why.acceptFirst" : "matter.why.settled");
  return [
    { name: t("matter.accept"), why: raised, button: <Accept matter={matter} /> },
    {
      name: t("matter.propose"),
      why: accepted,
      button: (
        <Link className="button primary" to={`/desk/topics/new?matter=${matter.id}`}>
          {t("matter.propose")}
        </Link>
      ),
    },
    { name: t("matter.link"), why: accepted, button: <ToTopic matter={matter} /> },
    { name: t("matter.reply"), why: accepted, button: <Reply matter={matter} /> },
    { name: t("matter.decline"), why: accepted, button: <Decline matter={matter} /> },
  ];
}

function Accept({ matter }: { matter: Matter }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("matter.accept")}
      look="primary"
      document={AcceptMatterDocument}
      version={matter.version}
      input={(_filled, expectedVersion) => ({ matter: matter.id, expectedVersion })}
      done={t("matter.accepted")}
    >
      <p>{t("matter.acceptWhat")}</p>
    </ActDialog>
  );
}

function Reply({ matter }: { matter: Matter }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("matter.reply")}
      document={AnswerMatterDocument}
      fields={["answer"]}
      version={matter.version}
      input={(filled, expectedVersion) => ({ matter: matter.id, answer: needed(filled, "answer"), expectedVersion })}
      done={t("matter.replied")}
    >
      <WordsField name="answer" label={t("matter.answer")} help={t("matter.answerHelp")} required rows={6} maxLength={5000} />
    </ActDialog>
  );
}

function Decline({ matter }: { matter: Matter }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("matter.decline")}
      document={DeclineMatterDocument}
      fields={["reason"]}
      version={matter.version}
      input={(filled, expectedVersion) => ({ matter: matter.id, reason: needed(filled, "reason"), expectedVersion })}
      done={t("matter.declinedDone")}
    >
      <WordsField name="reason" label={t("reason")} help={t("matter.reasonHelp")} required rows={4} maxLength={5000} />
    </ActDialog>
  );
}

function ToTopic({ matter }: { matter: Matter }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("matter.link")}
      document={ListMatterDocument}
      fields={["topic"]}
      version={matter.version}
      input={(filled, expectedVersion) => ({ matter: matter.id, topic: needed(filled, "topic"), expectedVersion })}
      done={t("matter.linked")}
    >
      <p>{t("matter.linkWhat")}</p>
      <TopicPicker within={matter.platform.division.code} />
    </ActDialog>
  );
}

function TopicPicker({ within }: { within: string }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const [text, setText] = useState("");
  const { data } = useAsk(PickTopicDocument, { within, text: text || null });
  const found = data?.topics?.nodes.map(({ id, number, title, status }) => ({ id, name: title, note: `${number} · ${name("TopicStatus", status)}` }));
  return <Picker name="topic" label={t("matter.topic")} required found={found ?? null} onSearch={setText} />;
}
