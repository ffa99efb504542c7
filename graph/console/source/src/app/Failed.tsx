import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { Notice } from "~/parts/Notice";
import { PageTitle } from "~/parts/Page";

/** In place of a page that could not be shown: one whose files are gone after an update is loaded anew. */
export function Failed() {
  const { t } = useTranslation("shell");
  const error = useRouteError();
  return (
    <div className="page">
      <PageTitle title={t("failed.title")} />
      <Notice kind="problem" title={t("failed.what")}>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t("failed.reload")}
        </button>
      </Notice>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation("shell");
  return (
    <div className="page">
      <PageTitle title={t("notFound.title")} />
      <Notice kind="notice" title={t("notFound.what")}>
        <p>
          <Link to="/">{t("notFound.home")}</Link>
        </p>
      </Notice>
    </div>
  );
}
