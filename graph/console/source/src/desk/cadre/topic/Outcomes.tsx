import { useTranslation } from "react-i18next";
import { AssignCommitmentDocument } from "~generated/graphql";
import { day, moment, today } from "~/i18n/format";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Section } from "~/parts/Page";
import { DepartmentPicker } from "~/parts/Pickers";
import { Tag } from "~/parts/Tag";
import { Judge, Verdicts } from "~/parts/Verdict";
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
      <Verdicts verdicts={commitment.verdicts} />
      {staff && commitment.status === "DONE" && <Judge commitment={commitment} by="staff" />}
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
