import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { MoreTopicsOfDivisionDocument, type Category, type TopicPageFragment, type TopicStatus } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useLoad, usePages } from "~/api/pages";
import { number } from "~/i18n/format";
import { Loading } from "~/parts/Loading";
import { MorePages } from "~/parts/More";
import { Section } from "~/parts/Page";
import { StateChoice } from "../StateChoice";
import { TopicList } from "../TopicList";

interface Props {
  code: string;
  asOf: string | null;
  first: TopicPageFragment | null | undefined;
  counts:
    | {
        total: number;
        byStatus: readonly { status: TopicStatus; count: number }[];
        byCategory: readonly { category: Category; count: number }[];
      }
    | null
    | undefined;
}

/** The topics of a place, by state and category; the newest first. */
export function Topics({ code, asOf, first, counts }: Props) {
  const { t } = useTranslation("hall");
  const [status, setStatus] = useState<TopicStatus | null>(null);
  const filter = status === null ? null : { status: [status] };
  const filtered = useAsk(MoreTopicsOfDivisionDocument, { code, asOf, filter }, { pause: filter === null });
  const shown = filter === null ? first : filtered.data?.division?.topics;
  const load = useLoad(MoreTopicsOfDivisionDocument);
  const pages = usePages(
    shown,
    useCallback(
      async (after: string) => (await load({ code, asOf, filter: status === null ? null : { status: [status] }, after }))?.division?.topics,
      [load, code, asOf, status],
    ),
  );
  return (
    <Section title={t("division.topics")} aside={<span className="soft small">{number(shown?.totalCount ?? 0)}</span>}>
      <StateChoice counts={counts} chosen={status} onChoose={setStatus} />
      <div className="after-choices">
        {shown ? <TopicList topics={pages.nodes} /> : filtered.fetching && <Loading />}
        <MorePages pages={pages} />
      </div>
    </Section>
  );
}
