import { useTranslation } from "react-i18next";
import { AnswerNoticeDocument, type NoticeShownFragment } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { evidenceOf } from "~/parts/Evidence";
import { count, words } from "~/parts/filled";
import { STEP_FIELDS, StepFields } from "./StepFields";
import { RECEIPT_AFTER, stepsOf, type Step } from "./steps";

interface Props {
  notice: NoticeShownFragment;
  /** What the notice tells. */
  what: string;
  /** Goes back to the notice: the buttons that were there are others after an answer. */
  onDone: () => void;
}

/** What the department may answer to a notice now. */
export function NoticeActs({ notice, what, onDone }: Props) {
  const { t } = useTranslation("department");
  const name = useNames();
  const about = notice.topic ? `${what} · ${notice.topic.title}` : what;
  const steps = stepsOf(notice.type, notice.receipt?.status);
  if (steps.length === 0) {
    return null;
  }
  return (
    <div className="acts" role="group" aria-label={t("notices.actions", { what: about })}>
      {steps.map((step) =>
        step === "receive" || step === "accept" ? (
          <AtOnce key={step} notice={notice} step={step} what={what} onDone={onDone} />
        ) : (
          <ActDialog
            key={step}
            act={t(`act.${step}`)}
            title={t("of", { act: t(`act.${step}`), what: about })}
            document={AnswerNoticeDocument}
            fields={STEP_FIELDS}
            input={(form) => ({
              notice: notice.id,
              receipt: RECEIPT_AFTER[step],
              note: words(form, "note"),
              percent: count(form, "percent"),
              evidence: evidenceOf(form),
            })}
            done={t("notices.answered", { what, state: name("ReceiptStatus", RECEIPT_AFTER[step]) })}
            onDone={onDone}
          >
            <StepFields step={step} words="note" documents={step === "decline" ? "none" : "optional"} />
          </ActDialog>
        ),
      )}
    </div>
  );
}

/** An answer that needs no words. */
function AtOnce({ notice, step, what, onDone }: Props & { step: Step }) {
  const { t } = useTranslation("department");
  const name = useNames();
  const act = useAct(AnswerNoticeDocument);
  const receipt = RECEIPT_AFTER[step];
  async function answer() {
    if ((await act.perform({ notice: notice.id, receipt })) !== null) {
      announce(t("notices.answered", { what, state: name("ReceiptStatus", receipt) }));
      onDone();
    }
  }
  return (
    <>
      <button type="button" className="button primary" aria-disabled={act.pending} onClick={() => void answer()}>
        {t(`act.${step}`)}
      </button>
      <Problems problems={act.problems} />
    </>
  );
}
