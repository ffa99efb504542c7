import { useTranslation } from "react-i18next";
import { AddPlanItemDocument, MovePlanItemDocument, RemovePlanItemDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { Section } from "~/parts/Page";
import { Candidates } from "./Candidates";
import { inQuarter, placeAt, QUARTERS, stepped, type Quarter } from "./order";
import { QuarterList } from "./QuarterList";
import { useQuarterNames } from "./quarters";
import type { Platform, Version } from "./Plan";

interface Props {
  plan: Version;
  topics: Platform["topics"];
  onSearch: (words: string) => void;
}

/** What may be done with a topic on the board, by dragging or by its buttons. */
export interface Moves {
  /** Puts a topic, of the plan or not yet, into a quarter: before another one, or at its end. */
  put: (topic: string, quarter: Quarter, before: string | null) => Promise<void>;
  step: (topic: string, by: -1 | 1) => Promise<void>;
  remove: (topic: string) => Promise<void>;
  pending: boolean;
}

/** A draft: the topics that may stand in it beside the quarters, to be put in order. */
export function Board({ plan, topics, onSearch }: Props) {
  const { t } = useTranslation("plans");
  const quarterName = useQuarterNames();
  const add = useAct(AddPlanItemDocument);
  const move = useAct(MovePlanItemDocument);
  const remove = useAct(RemovePlanItemDocument);
  const ours = { plan: plan.id, expectedRevision: plan.revision };

  function titleOf(topic: string): string {
    const found = plan.items.find((item) => item.topic.id === topic)?.topic ?? topics?.nodes.find(({ id }) => id === topic);
    return found?.title ?? "";
  }

  async function put(topic: string, quarter: Quarter, before: string | null) {
    const stands = plan.items.find((item) => item.topic.id === topic);
    const position = placeAt(plan.items, topic, quarter, before);
    if (stands?.position === position && (stands.quarter ?? null) === quarter) {
      return;
    }
    [add, move, remove].forEach((act) => act.clear());
    const input = { ...ours, topic, quarter, position };
    const done = stands ? await move.perform(input) : await add.perform(input);
    if (done) {
      announce(t(stands ? "board.moved" : "board.added", { title: titleOf(topic), quarter: quarterName(quarter), place: position }));
    }
  }

  const moves: Moves = {
    put,
    async step(topic, by) {
      const before = stepped(plan.items, topic, by);
      const quarter = plan.items.find((item) => item.topic.id === topic)?.quarter ?? null;
      if (before !== undefined) {
        await put(topic, quarter as Quarter, before);
      }
    },
    async remove(topic) {
      [add, move, remove].forEach((act) => act.clear());
      const title = titleOf(topic);
      if (await remove.perform({ ...ours, topic })) {
        announce(t("board.removed", { title }));
      }
    },
    pending: add.pending || move.pending || remove.pending,
  };

  return (
    <div className="plan-board" aria-busy={moves.pending}>
      <Candidates plan={plan} topics={topics} moves={moves} onSearch={onSearch} />
      <Section title={t("board.plan")} aside={<span className="soft small">{t("board.how")}</span>}>
        <Problems problems={[...add.problems, ...move.problems, ...remove.problems]} />
        <div className="plan-quarters">
          {QUARTERS.map((quarter) => (
            <QuarterList key={String(quarter)} quarter={quarter} items={inQuarter(plan.items, quarter)} moves={moves} />
          ))}
        </div>
      </Section>
    </div>
  );
}
