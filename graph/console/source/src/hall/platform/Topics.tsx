import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { MoreTopicsOfPlatformDocument, type PlatformQuery, type TopicStatus } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useLoad, usePages } from "~/api/pages";
import { number } from "~/i18n/format";
import { Loading } from "~/parts/Loading";
import { MorePages } from "~/parts/More";
import { Section } from "~/parts/Page";
import { StateChoice } from "../StateChoice";
import { TopicList } from "../TopicList";

interface Props {
  platform: NonNullable<PlatformQuery["platform"]>;
  asOf: string | null;
}

/** The topics of a platform and of those beneath it, by state; the newest first. */
export function Topics({ platform, asOf }: Props) {
  const { t } = useTranslation("hall");
  const { code } = platform;
  const [status, setStatus] = useState<TopicStatus | null>(null);
  const filter = status === null ? null : { status: [status] };
  const filtered = useAsk(MoreTopicsOfPlatformDocument, { code, asOf, filter }, { pause: filter === null });
  const shown = filter === null ? platform.topics : filtered.data?.platform?.topics;
  const load = useLoad(MoreTopicsOfPlatformDocument);
  const pages = usePages(
    shown,
    useCallback(
      async (after: string) => (await load({ code, asOf, filter: status === null ? null : { status: [status] }, after }))?.platform?.topics,
      [load, code, asOf, status],
    ),
  );
  return (
    <Section title={t("division.topics")} aside={<span className="soft small">{number(shown?.totalCount ?? 0)}</span>}>
      <StateChoice counts={platform.statistics?.topics} chosen={status} onChoose={setStatus} />
      <div className="after-choices">
        {shown ? <TopicList topics={pages.nodes} /> : filtered.fetching && <Loading />}
        <MorePages pages={pages} />
      </div>
    </Section>
  );
}
