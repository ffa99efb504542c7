import { useTranslation } from "react-i18next";
import { Meter } from "react-aria-components";
import { day, moment, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import type { Topic } from "./story";

type Commitment = Topic["outcomes"][number]["commitments"][number];

/** Who is involved, and what each owes. */
export function Involved({ topic }: { topic: Topic }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const commitments = topic.outcomes.flatMap((outcome) => outcome.commitments);
  const involved = new Set(topic.involvements.map(({ department }) => department.code));
  const others = commitments.filter(({ department }) => !involved.has(department.code));
  if (topic.involvements.length + commitments.length === 0) {
    return null;
  }
  return (
    <Section title={t("topic.involved")}>
      <ul className="things">
        {topic.involvements.map(({ department, role, receipt }) => (
          <li key={department.id}>
            <span className="line">
              <strong>{department.name}</strong>
              <span className="tag">{name("InvolvementRole", role)}</span>
            </span>
            {receipt && (
              <span className="line">
                <Tag of="ReceiptStatus" value={receipt.status} />
                <time dateTime={receipt.at}>{moment(receipt.at)}</time>
              </span>
            )}
            <Owed commitments={commitments.filter((each) => each.department.code === department.code)} />
          </li>
        ))}
        {others.map((commitment) => (
          <li key={commitment.id}>
            <strong>{commitment.department.name}</strong>
            <Owed commitments={[commitment]} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Owed({ commitments }: { commitments: readonly Commitment[] }) {
  const { t } = useTranslation("hall");
  return commitments.map(({ id, task, status, overdue, dueOn, progress }) => {
    const percent = progress.findLast((each) => each.percent != null)?.percent ?? null;
    return (
      <div key={id} className="owed">
        <p>{task}</p>
        <p className="line">
          <Tag of="CommitmentStatus" value={status} />
          {overdue && <span className="tag wrong">{t("topic.overdue")}</span>}
          {dueOn && <span>{t("topic.dueOn", { day: day(dueOn) })}</span>}
        </p>
        {percent !== null && (
          <Meter className="meter" value={percent} aria-label={t("topic.progressOf", { task })}>
            <span className="meter-track" aria-hidden="true">
              <span className="meter-bar" style={{ width: `${percent}%` }} />
            </span>
            <span className="small soft">{number(percent)}%</span>
          </Meter>
        )}
      </div>
    );
  });
}
