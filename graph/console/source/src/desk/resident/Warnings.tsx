import { useTranslation } from "react-i18next";

interface Props {
  warnings: readonly { message: string }[];
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
        {warnings.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
      <p>{t("warnings.what")}</p>
    </div>
  );
}
