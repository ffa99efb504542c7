import { useTranslation } from "react-i18next";

export function Loading() {
  const { t } = useTranslation("shell");
  return (
    <div className="loading" role="status">
      <span className="loading-dots" aria-hidden="true" />
      {t("loading")}
    </div>
  );
}
