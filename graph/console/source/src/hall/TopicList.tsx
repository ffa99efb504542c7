import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TopicLineFragment } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Tag } from "~/parts/Tag";

interface Props<Topic extends TopicLineFragment> {
  topics: readonly Topic[];
  /** More of a topic, under its line. */
  more?: (topic: Topic) => ReactNode;
  /** The day at a topic's line; that of its proposal where nothing else is asked for. */
  when?: (topic: Topic) => string;
}

function proposal({ proposedAt }: TopicLineFragment): string {
  return proposedAt;
}

export function TopicList<Topic extends TopicLineFragment>({ topics, more, when = proposal }: Props<Topic>) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  if (topics.length === 0) {
    return <p className="soft">{t("topics.none")}</p>;
  }
  return (
    <ul className="things">
      {topics.map((topic) => (
        <li key={topic.id}>
          <Link className="thing-title" to={link(`/topics/${topic.number}`)}>
            {topic.title}
          </Link>
          {more?.(topic)}
          <div className="line">
            <Tag of="TopicStatus" value={topic.status} />
            <span>{topic.platform.division.name}</span>
            <span>{name("Category", topic.category)}</span>
            <time dateTime={when(topic)}>{day(when(topic))}</time>
          </div>
        </li>
      ))}
    </ul>
  );
}
