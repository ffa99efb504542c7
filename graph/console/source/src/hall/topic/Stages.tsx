import { useTranslation } from "react-i18next";
import { stages, type Topic } from "./story";

/** How far a topic has come. */
export function Stages({ topic }: { topic: Topic }) {
  const { t } = useTranslation("hall");
  const { stages: all, reached } = stages(topic);
  return (
    <ol className="stages" aria-label={t("topic.stages")}>
      {all.map((stage, place) => (
        <li key={stage} className={place < reached ? "reached" : ""} aria-current={place === reached - 1 ? "step" : undefined}>
          <span className="stage-dot" aria-hidden="true" />
          <span>{t(`topic.stage.${stage}`)}</span>
        </li>
      ))}
    </ol>
  );
}
