import { useTranslation } from "react-i18next";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import type { Topic } from "./story";

/** Every act as it was recorded (全程留痕): the chain that the story rests on. */
export function Trace({ topic }: { topic: Topic }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  return (
    <Disclosure className="card disclosure">
      <Heading level={2}>
        <Button slot="trigger" className="disclosure-button">
          {t("trace.title", { count: topic.trace.length })}
        </Button>
      </Heading>
      <DisclosurePanel className="disclosure-panel">
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
      </DisclosurePanel>
    </Disclosure>
  );
}
