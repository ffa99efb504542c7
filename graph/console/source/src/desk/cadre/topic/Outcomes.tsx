import { useTranslation } from "react-i18next";
import { AssignCommitmentDocument, DisputeCommitmentDocument, VerifyCommitmentDocument } from "~generated/graphql";
import { day, moment, today } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Section } from "~/parts/Page";
import { DepartmentPicker } from "~/parts/Pickers";
import { Tag } from "~/parts/Tag";
import { countyOf } from "./Departments";
import { EvidenceList, type Topic } from "./Topic";

type Outcome = Topic["outcomes"][number];
type Commitment = Outcome["commitments"][number];

/** What the parties agreed on, and what each department is to do about it. */
export function Outcomes({ topic, staff }: { topic: Topic; staff: boolean }) {
  const { t } = useTranslation("cadre");
  return (
    <Section title={t("outcomes.title")}>
      {topic.outcomes.length === 0 && <p className="empty">{t("outcomes.empty")}</p>}
      <ul className="things">
        {topic.outcomes.map((outcome) => (
          <li key={outcome.id} className="outcome">
            <p className="prose">{outcome.agreement}</p>
            <p className="soft small">{t("outcome.reached", { at: day(outcome.reachedOn) })}</p>
            <h3>{t("commitments.title")}</h3>
            {outcome.commitments.length === 0 && <p className="empty">{t("commitments.empty")}</p>}
            {outcome.commitments.map((commitment) => (
              <Owed key={commitment.id} commitment={commitment} staff={staff} />
            ))}
            {staff && topic.status === "IMPLEMENTING" && <Assign topic={topic} outcome={outcome} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** One commitment: its state, what its department reported, what was found of it. */
function Owed({ commitment, staff }: { commitment: Commitment; staff: boolean }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const percent = commitment.progress.findLast((each) => each.percent !== null)?.percent;
  return (
    <article className="commitment" id={commitment.id}>
      <h4>{commitment.task}</h4>
      <p className="line">
        <Tag of="CommitmentStatus" value={commitment.status} />
        {commitment.overdue && <span className="tag wrong">{t("late")}</span>}
        <span>{commitment.department.name}</span>
        {commitment.dueOn && <span>{t("dueOn", { at: day(commitment.dueOn) })}</span>}
        {percent != null && (
          <span>
            <progress max={100} value={percent} aria-label={t("commitments.percent")} /> {percent}%
          </span>
        )}
      </p>
      {commitment.progress.length > 0 && (
        <ul className="bare small">
          {commitment.progress.map(({ id, at, note }) => (
            <li key={id}>
              <span className="soft">{moment(at)}</span> {note}
            </li>
          ))}
        </ul>
      )}
      <EvidenceList evidence={commitment.evidence} />
      {commitment.verdicts.map(({ id, at, role, fulfilled, note }) => (
        <p key={id} className="small">
          <span className={`tag ${fulfilled ? "done" : "wrong"}`}>{t(fulfilled ? "commitments.fulfilled" : "commitments.notFulfilled")}</span>{" "}
          {name("ParticipantRole", role)} <span className="soft">{moment(at)}</span> {note}
        </p>
      ))}
      {staff && commitment.status === "DONE" && (
        <div className="buttons">
          <ActDialog
            act={t("commitments.verify")}
            look="primary"
            document={VerifyCommitmentDocument}
            fields={["note"]}
            input={(filled) => ({ commitment: commitment.id, note: words(filled, "note") })}
            done={t("commitments.verified")}
          >
            <p>{t("commitments.verifyWhat", { task: commitment.task })}</p>
            <WordsField name="note" label={t("commitments.note")} rows={3} />
          </ActDialog>
          <ActDialog
            act={t("commitments.dispute")}
            document={DisputeCommitmentDocument}
            fields={["reason"]}
            input={(filled) => ({ commitment: commitment.id, reason: needed(filled, "reason") })}
            done={t("commitments.disputed")}
          >
            <p>{t("commitments.disputeWhat")}</p>
            <WordsField name="reason" label={t("reason")} required rows={3} />
          </ActDialog>
        </div>
      )}
      {staff && commitment.status === "ASSIGNED" && <p className="soft small">{t("commitments.waits", { name: commitment.department.name })}</p>}
      {staff && commitment.status === "DECLINED" && <p className="small">{t("commitments.declined")}</p>}
    </article>
  );
}

function Assign({ topic, outcome }: { topic: Topic; outcome: Outcome }) {
  const { t } = useTranslation("cadre");
  const involved = topic.involvements.filter(({ role }) => role !== "INFORMED").map(({ department }) => ({ id: department.code, name: department.name }));
  return (
    <ActDialog
      act={t("commitments.assign")}
      look={outcome.commitments.length === 0 ? "primary" : "plain"}
      wide
      document={AssignCommitmentDocument}
      fields={["department", "task", "dueOn"]}
      input={(filled) => ({ outcome: outcome.id, department: needed(filled, "department"), task: needed(filled, "task"), dueOn: words(filled, "dueOn") })}
      done={t("commitments.assigned")}
    >
      <p>{t("commitments.assignWhat")}</p>
      <WordsField name="task" label={t("commitments.task")} required rows={3} maxLength={2000} />
      {involved.length > 0 ? (
        <ChoiceField name="department" label={t("departments.name")} help={t("commitments.departmentHelp")} required options={involved} defaultValue={involved[0]?.id} />
      ) : (
        <DepartmentPicker name="department" label={t("departments.name")} required within={countyOf(topic)} />
      )}
      <WordsField name="dueOn" label={t("commitments.dueOn")} help={t("commitments.dueHelp", { at: day(today()) })} type="date" />
    </ActDialog>
  );
}
