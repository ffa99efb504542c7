import { useTranslation } from "react-i18next";

interface Props {
  warnings: readonly { message: string; snippet: string }[];
}

/** That words seem to have personal data, as the API says it. */
export function Warnings({ warnings }: Props) {
  const { t } = useTranslation("resident");
  if (warnings.length === 0) {
    return null;
  }
  return (
    <div className="warnings">
      <p className="notice-title">{t("warnings.title")}</p>
      <ul>
        {warnings.map(({ message, snippet }, index) => (
          <li key={index}>
            {message} <code>{snippet}</code>
          </li>
        ))}
      </ul>
      <p>{t("warnings.what")}</p>
    </div>
  );
}
