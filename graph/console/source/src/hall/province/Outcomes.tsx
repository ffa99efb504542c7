import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ReachedLatelyFragment } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { Tag } from "~/parts/Tag";

/** What was agreed on last, each with its topic and with who is to do something about it. */
export function Outcomes({ outcomes }: { outcomes: readonly ReachedLatelyFragment[] }) {
  const { t } = useTranslation("hall");
  const link = useLinkAsOf();
  if (outcomes.length === 0) {
    return <p className="soft">{t("province.noOutcomes")}</p>;
  }
  return (
    <ul className="grid newest-outcomes">
      {outcomes.map(({ id, agreement, reachedOn, topic, commitments }) => {
        const names = [...new Set(commitments.map(({ department }) => department.name))];
        return (
          <li key={id}>
            <Link className="thing-title" to={link(`/topics/${topic.number}`)}>
              {topic.title}
            </Link>
            <p className="clamped">{agreement}</p>
            {names.length > 0 && <p className="small soft">{t("province.carriedOut", { names: names.join(t("province.and")) })}</p>}
            <div className="line">
              <Tag of="TopicStatus" value={topic.status} />
              <span>{topic.platform.division.name}</span>
              <time dateTime={reachedOn}>{day(reachedOn)}</time>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
