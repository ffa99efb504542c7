import { useTranslation } from "react-i18next";
import type { PromisedFragment } from "~generated/graphql";
import { day } from "~/i18n/format";
import { Tag } from "~/parts/Tag";
import { Judge, Verdicts } from "~/parts/Verdict";
import { Evidence } from "./Evidence";

interface Props {
  commitments: readonly PromisedFragment[];
  /** Whether who looks at them may say how they found what is called done. */
  judging: boolean;
}

/** What departments promised about an outcome, how far they are, and how that was found. */
export function Promised({ commitments, judging }: Props) {
  const { t } = useTranslation("resident");
  return (
    <ul className="commitments" aria-label={t("story.commitments")}>
      {commitments.map((commitment) => (
        <li key={commitment.id}>
          <p>
            <strong>{commitment.department.name}</strong> {commitment.task}
          </p>
          <p className="line">
            <Tag of="CommitmentStatus" value={commitment.status} />
            {commitment.overdue && <span className="tag wrong">{t("matters.overdue")}</span>}
            {commitment.dueOn && <span>{t("story.due", { day: day(commitment.dueOn) })}</span>}
          </p>
          {commitment.progress.map(({ id, at, percent, note }) => (
            <p key={id} className="small">
              <time dateTime={at}>{day(at)}</time> {percent != null && <strong>{percent}%</strong>} {note}
            </p>
          ))}
          <Evidence evidence={commitment.evidence} />
          <Verdicts verdicts={commitment.verdicts} />
          {judging && commitment.status === "DONE" && (
            <>
              <p>{t("promised.ask")}</p>
              <Judge commitment={commitment} by="resident" />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
