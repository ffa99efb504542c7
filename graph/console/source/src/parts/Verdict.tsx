import { useTranslation } from "react-i18next";
import { DisputeCommitmentDocument, VerifyCommitmentDocument, type VerdictShownFragment } from "~generated/graphql";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { ActDialog } from "./ActDialog";
import { WordsField } from "./Fields";
import { needed, words } from "./filled";

/** What those who looked at a commitment said of it, the oldest first. */
export function Verdicts({ verdicts }: { verdicts: readonly VerdictShownFragment[] }) {
  const { t } = useTranslation("parts");
  const name = useNames();
  return verdicts.map(({ id, at, role, fulfilled, note }) => (
    <p key={id} className="small">
      <span className={`tag ${fulfilled ? "done" : "wrong"}`}>{t(fulfilled ? "verdict.fulfilled" : "verdict.notFulfilled")}</span>{" "}
      {name("ParticipantRole", role)} <time className="soft" dateTime={at}>{moment(at)}</time> {note}
    </p>
  ));
}

interface Props {
  commitment: { id: string; task: string; department: { name: string } };
  /** Who looked at it: staff on its rounds, or somebody who lives there. */
  by: "staff" | "resident";
}

/** Says how a commitment was found that its department calls done: done indeed (核实), or not (异议). */
export function Judge({ commitment: { id, task, department }, by }: Props) {
  const { t } = useTranslation("parts");
  const said = (word: string) => t(`verdict.${by}.${word}`, { task, department: department.name });
  return (
    <div className="buttons" role="group" aria-label={t("verdict.group", { task })}>
      <ActDialog
        act={said("verify")}
        look="primary"
        document={VerifyCommitmentDocument}
        fields={["note"]}
        input={(filled) => ({ commitment: id, note: words(filled, "note") })}
        done={said("verified")}
      >
        <p>{said("verifyWhat")}</p>
        <WordsField name="note" label={said("note")} rows={3} maxLength={2000} />
      </ActDialog>
      <ActDialog
        act={said("dispute")}
        document={DisputeCommitmentDocument}
        fields={["reason"]}
        input={(filled) => ({ commitment: id, reason: needed(filled, "reason") })}
        done={said("disputed")}
      >
        <p>{said("disputeWhat")}</p>
        <WordsField name="reason" label={said("reason")} required rows={3} maxLength={2000} />
      </ActDialog>
    </div>
  );
}
