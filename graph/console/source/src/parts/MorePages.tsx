import type { Pages } from "~/api/pages";
import { useTranslation } from "react-i18next";

/** The next page of a list that `usePages` keeps, where there is one. */
export function MorePages({ pages }: { pages: Pages<unknown> }) {
  const { t } = useTranslation("shell");
  return (
    <button type="button" className="button more" hidden={!pages.hasMore} disabled={pages.busy} onClick={pages.more}>
      {pages.busy ? t("loading") : t("more")}
    </button>
  );
}
