import { useTranslation } from "react-i18next";
import { ListTopicDocument, ReopenTopicDocument, WithdrawTopicDocument, type TopicStatus } from "~generated/graphql";
import { ActDialog } from "~/parts/ActDialog";
import { WordsField } from "~/parts/Fields";
import { needed } from "~/parts/filled";
import { useNames } from "~/i18n/names";
import type { Offer } from "../Offers";
import { RecordFollowUp } from "./FollowUps";
import { Involve } from "./Departments";
import { RecordOutcome } from "./RecordOutcome";
import { Resolve } from "./Resolve";
import { Schedule } from "./Schedule";
import type { Topic } from "./Topic";

/** In which states of the topic each act can be done, in the order in which they come. */
const STATES = {
  list: ["PROPOSED"],
  involve: ["PROPOSED", "LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING"],
  schedule: ["LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING"],
  outcome: ["DELIBERATED", "IMPLEMENTING"],
  resolve: ["IMPLEMENTING"],
  followUp: ["IMPLEMENTING", "RESOLVED"],
  reopen: ["RESOLVED"],
  withdraw: ["PROPOSED", "LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING"],
} as const satisfies Record<string, readonly TopicStatus[]>;

type Name = keyof typeof STATES;

/** What staff can do with a topic. */
export function useTopicOffers(topic: Topic): Offer[] {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const buttons: Record<Name, React.ReactNode> = {
    list: <List topic={topic} />,
    involve: <Involve topic={topic} />,
    schedule: <Schedule topic={topic} first={topic.status === "LISTED"} />,
    outcome: <RecordOutcome topic={topic} />,
    resolve: <Resolve topic={topic} />,
    followUp: <RecordFollowUp topic={topic} />,
    reopen: <Reopen topic={topic} />,
    withdraw: <Withdraw topic={topic} />,
  };
  return (Object.keys(STATES) as Name[]).map((act) => {
    const states: readonly TopicStatus[] = STATES[act];
    return {
      name: t(`topic.act.${act}`),
      why: states.includes(topic.status) ? null : t("topic.why", { states: states.map((state) => name("TopicStatus", state)).join(t("or")), now: name("TopicStatus", topic.status) }),
      button: buttons[act],
    };
  });
}

function List({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("topic.act.list")}
      look="primary"
      document={ListTopicDocument}
      version={topic.version}
      input={(_filled, expectedVersion) => ({ topic: topic.id, expectedVersion })}
      done={t("topic.done.list")}
    >
      <p>{t("topic.listWhat")}</p>
    </ActDialog>
  );
}

function Reopen({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("topic.act.reopen")}
      document={ReopenTopicDocument}
      fields={["reason"]}
      version={topic.version}
      input={(filled, expectedVersion) => ({ topic: topic.id, reason: needed(filled, "reason"), expectedVersion })}
      done={t("topic.done.reopen")}
    >
      <WordsField name="reason" label={t("reason")} required rows={3} />
    </ActDialog>
  );
}

function Withdraw({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("topic.act.withdraw")}
      look="quiet"
      document={WithdrawTopicDocument}
      fields={["reason"]}
      version={topic.version}
      input={(filled, expectedVersion) => ({ topic: topic.id, reason: needed(filled, "reason"), expectedVersion })}
      done={t("topic.done.withdraw")}
    >
      <p>{t("topic.withdrawWhat")}</p>
      <WordsField name="reason" label={t("reason")} required rows={3} />
    </ActDialog>
  );
}
