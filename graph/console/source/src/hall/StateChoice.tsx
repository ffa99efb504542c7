import { useTranslation } from "react-i18next";
import type { TopicStatus } from "~generated/graphql";
import { number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Choice } from "~/parts/Choice";

const ALL = "ALL";

interface Props {
  counts: { total: number; byStatus: readonly { status: TopicStatus; count: number }[] } | null | undefined;
  chosen: TopicStatus | null;
  onChoose: (status: TopicStatus | null) => void;
}

/** The states of a place's topics with how many there are of each; null is all of them. */
export function StateChoice({ counts, chosen, onChoose }: Props) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const states = (counts?.byStatus ?? []).filter(({ count }) => count > 0);
  return (
    <Choice<TopicStatus | typeof ALL>
      label={t("division.byStatus")}
      options={[ALL, ...states.map(({ status }) => status)]}
      chosen={chosen ?? ALL}
      name={(each) => {
        const count = each === ALL ? (counts?.total ?? 0) : (states.find(({ status }) => status === each)?.count ?? 0);
        return `${each === ALL ? t("division.allTopics") : name("TopicStatus", each)} ${number(count)}`;
      }}
      onChoose={(each) => onChoose(each === ALL ? null : each)}
    />
  );
}
