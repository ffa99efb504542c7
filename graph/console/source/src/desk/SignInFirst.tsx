import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { PageTitle } from "~/parts/Page";

/** In place of any page of the desk, for those who are not signed in; it comes back here. */
export function SignInFirst() {
  const { t } = useTranslation(["desk", "shell"]);
  const { pathname, search } = useLocation();
  return (
    <div className="page narrow">
      <PageTitle title={t("signInFirst.title")} />
      <div className="card sign-in-first">
        <p>{t("signInFirst.what")}</p>
        <Link className="button primary" to="/sign-in" state={{ from: pathname + search }}>
          {t("shell:signIn")}
        </Link>
        <p className="soft small">{t("signInFirst.hall")}</p>
      </div>
    </div>
  );
}
