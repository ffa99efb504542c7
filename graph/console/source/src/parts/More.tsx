import { useTranslation } from "react-i18next";
import type { Pages } from "~/api/pages";

interface Props {
  page: { hasNextPage: boolean; endCursor?: string | null } | null | undefined;
  busy: boolean;
  onMore: (after: string) => void;
}

/** The next page of a list, where there is one. */
export function More({ page, busy, onMore }: Props) {
  if (!page?.hasNextPage || !page.endCursor) {
    return null;
  }
  const after = page.endCursor;
  return <MoreButton busy={busy} onMore={() => onMore(after)} />;
}

/** The next page of a list that `usePages` keeps, where there is one. */
export function MorePages({ pages }: { pages: Pages<unknown> }) {
  return <MoreButton hidden={!pages.hasMore} busy={pages.busy} onMore={pages.more} />;
}

function MoreButton({ hidden, busy, onMore }: { hidden?: boolean; busy: boolean; onMore: () => void }) {
  const { t } = useTranslation("shell");
  return (
    <button type="button" className="button more" hidden={hidden} disabled={busy} onClick={onMore}>
      {busy ? t("loading") : t("more")}
    </button>
  );
}
