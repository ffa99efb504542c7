import { useTranslation } from "react-i18next";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Disclosed } from "~/parts/Disclosed";
import type { Topic } from "./story";

/** Every act as it was recorded (全程留痕): the chain that the story rests on. */
export function Trace({ topic }: { topic: Topic }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  return (
    <Disclosed className="card" level={2} title={t("trace.title", { count: topic.trace.length })}>
        <p className="soft small">{t("trace.what")}</p>
        <div className="table-frame" role="region" aria-label={t("trace.label")} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("trace.at")}</th>
                <th scope="col">{t("trace.by")}</th>
                <th scope="col">{t("trace.act")}</th>
              </tr>
            </thead>
            <tbody>
              {topic.trace.map(({ id, at, actorRole, summary }) => (
                <tr key={id}>
                  <td>
                    <time dateTime={at}>{moment(at)}</time>
                  </td>
                  <td>{actorRole === "SYSTEM" ? t("trace.system") : name("Role", actorRole)}</td>
                  <td>{summary}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
    </Disclosed>
  );
}
