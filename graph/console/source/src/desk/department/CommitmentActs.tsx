import { useTranslation } from "react-i18next";
import {
  AcceptCommitmentDocument, CompleteCommitmentDocument, DeclineCommitmentDocument, ReportProgressDocument,
  type CommitmentShownFragment, type CommitmentStatus,
} from "~generated/graphql";
import { useAct } from "~/api/act";
import { ActDialog } from "~/parts/ActDialog";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { evidenceOf } from "~/parts/Evidence";
import { count, needed } from "~/parts/filled";
import { STEP_FIELDS, StepFields } from "./StepFields";
import type { Step } from "./steps";

const NEXT: Partial<Record<CommitmentStatus, readonly Step[]>> = {
  ASSIGNED: ["accept", "decline"],
  ACCEPTED: ["progress", "complete"],
  IN_PROGRESS: ["progress", "complete"],
  DISPUTED: ["progress"],
};

interface Props {
  commitment: CommitmentShownFragment;
  /** Goes back to the commitment: the buttons that were there are others after a step. */
  onDone: () => void;
}

/** What the department may do about a commitment now. */
export function CommitmentActs({ commitment: { id, task, status }, onDone }: Props) {
  const { t } = useTranslation("department");
  const steps = NEXT[status] ?? [];
  const said = (step: Step) => ({
    act: t(`act.${step}`),
    title: t("of", { act: t(`act.${step}`), what: task }),
    done: t("commitments.done", { act: t(`act.${step}`), what: task }),
    fields: STEP_FIELDS,
    onDone,
  });
  if (steps.length === 0) {
    return null;
  }
  return (
    <div className="acts" role="group" aria-label={t("commitments.actions", { what: task })}>
      {steps.includes("accept") && <Accept id={id} done={said("accept").done} onDone={onDone} />}
      {steps.includes("decline") && (
        <ActDialog
          {...said("decline")}
          document={DeclineCommitmentDocument}
          input={(form) => ({ commitment: id, reason: needed(form, "reason") })}
        >
          <StepFields step="decline" words="reason" documents="none" />
        </ActDialog>
      )}
      {steps.includes("progress") && (
        <ActDialog
          {...said("progress")}
          document={ReportProgressDocument}
          input={(form) => ({ commitment: id, note: needed(form, "note"), percent: count(form, "percent") })}
        >
          <StepFields step="progress" words="note" documents="none" />
        </ActDialog>
      )}
      {steps.includes("complete") && (
        <ActDialog
          {...said("complete")}
          document={CompleteCommitmentDocument}
          input={(form) => ({ commitment: id, evidence: evidenceOf(form) })}
        >
          <StepFields step="complete" words={null} documents="required" />
        </ActDialog>
      )}
    </div>
  );
}

function Accept({ id, done, onDone }: { id: string; done: string; onDone: () => void }) {
  const { t } = useTranslation("department");
  const act = useAct(AcceptCommitmentDocument);
  async function accept() {
    if ((await act.perform({ commitment: id })) !== null) {
      announce(done);
      onDone();
    }
  }
  return (
    <>
      <button type="button" className="button primary" aria-disabled={act.pending} onClick={() => void accept()}>
        {t("act.accept")}
      </button>
      <Problems problems={act.problems} />
    </>
  );
}
