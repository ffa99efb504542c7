import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Notice } from "~/parts/Notice";

/** Said in place of what could be done, to who reads the page without being staff of its place. */
export function NotStaff({ place }: { place: string }) {
  const { t } = useTranslation("cadre");
  return (
    <Notice kind="notice" title={t("notStaff.title")}>
      <p>{t("notStaff.what", { place })}</p>
    </Notice>
  );
}

/** Said where the address leads to nothing that the viewer sees. */
export function NothingHere() {
  const { t } = useTranslation("cadre");
  return (
    <Notice kind="notice" title={t("nothing.title")}>
      <p>{t("nothing.what")}</p>
      <Link to="/desk/inbox">{t("nav.inbox")}</Link>
    </Notice>
  );
}

/** Where a page of the area stands. */
export function BackToInbox() {
  const { t } = useTranslation("cadre");
  return (
    <p className="small">
      <Link to="/desk/inbox">← {t("nav.inbox")}</Link>
    </p>
  );
}
