import { useTranslation } from "react-i18next";
import type { Pages } from "~/api/pages";

/** The next page of a list, where there is one. */
export function More({ pages }: { pages: Pages<unknown> }) {
  const { t } = useTranslation("shell");
  return (
    <button type="button" className="button more" hidden={!pages.hasMore} disabled={pages.busy} onClick={pages.more}>
      {pages.busy ? t("loading") : t("more")}
    </button>
  );
}
