import { useTranslation } from "react-i18next";
import { useNames } from "~/i18n/names";
import type { GivenAnswer } from "./story";

/** How somebody found a fix. */
export function Found({ followUp }: { followUp: GivenAnswer }) {
  const { t } = useTranslation("resident");
  const name = useNames();
  return (
    <>
      <p className="line">
        <span className={`tag ${followUp.confirmsFix ? "done" : "wrong"}`}>{t(followUp.confirmsFix ? "fix.holds" : "fix.fails")}</span>
        <span>{name("ParticipantRole", followUp.role)}</span>
        <span>{t("fix.scored", { score: followUp.score })}</span>
        <span>{name("FollowUpChannel", followUp.channel)}</span>
      </p>
      {followUp.comment && <blockquote className="answer">{followUp.comment}</blockquote>}
    </>
  );
}
