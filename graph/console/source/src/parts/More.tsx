import { useTranslation } from "react-i18next";

interface Props {
  page: { hasNextPage: boolean; endCursor?: string | null } | null | undefined;
  busy: boolean;
  onMore: (after: string) => void;
}

/** The next page of a list, where there is one. */
export function More({ page, busy, onMore }: Props) {
  const { t } = useTranslation("shell");
  if (!page?.hasNextPage || !page.endCursor) {
    return null;
  }
  const after = page.endCursor;
  return (
    <button type="button" className="button more" disabled={busy} onClick={() => onMore(after)}>
      {busy ? t("loading") : t("more")}
    </button>
  );
}
