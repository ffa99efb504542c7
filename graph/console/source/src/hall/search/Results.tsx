import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SearchDocument, type SearchKind, type SearchQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { pieces } from "./marked";

interface Props {
  text: string;
  kind: SearchKind | null;
  within: string | null;
}

type Edge = NonNullable<SearchQuery["search"]>["edges"][number];

/** What was found, the best first. */
export function Results({ text, kind, within }: Props) {
  const { t } = useTranslation("search");
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(SearchDocument, { text, kinds: kind === null ? null : [kind], within, after });
  return (
    <Answer asked={asked}>
      {({ search }) =>
        search && (
          <Section title={<span role="status">{t("found", { count: search.totalCount })}</span>}>
            {search.totalCount === 0 ? (
              <p className="soft">{t("none")}</p>
            ) : (
              <ol className="things">
                {search.edges.map((edge) => (
                  <li key={edge.node.id}>
                    <Found edge={edge} />
                  </li>
                ))}
              </ol>
            )}
            <More page={search.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </Section>
        )
      }
    </Answer>
  );
}

function Found({ edge: { topic, matter, outcome, platform, snippet } }: { edge: Edge }) {
  const { t } = useTranslation("search");
  const name = useNames();
  if (topic) {
    return (
      <Hit kind="TOPIC" to={`/topics/${topic.number}`} title={topic.title} snippet={snippet}>
        <Tag of="TopicStatus" value={topic.status} />
        <Link to={`/platforms/${topic.platform.code}`}>{topic.platform.name}</Link>
        <span>{name("Category", topic.category)}</span>
        <time dateTime={topic.proposedAt}>{day(topic.proposedAt)}</time>
      </Hit>
    );
  }
  if (matter) {
    return (
      <Hit kind="MATTER" to={matter.topic ? `/topics/${matter.topic.number}` : null} title={matter.title} snippet={snippet}>
        <Tag of="MatterStatus" value={matter.status} />
        <Link to={`/platforms/${matter.platform.code}`}>{matter.platform.name}</Link>
        <time dateTime={matter.raisedAt}>{day(matter.raisedAt)}</time>
      </Hit>
    );
  }
  if (outcome) {
    return (
      <Hit kind="OUTCOME" to={`/topics/${outcome.topic.number}`} title={t("outcomeOf", { title: outcome.topic.title })} snippet={snippet}>
        <Link to={`/platforms/${outcome.topic.platform.code}`}>{outcome.topic.platform.name}</Link>
        <time dateTime={outcome.reachedOn}>{day(outcome.reachedOn)}</time>
      </Hit>
    );
  }
  return (
    platform && (
      <Hit kind="PLATFORM" to={`/platforms/${platform.code}`} title={platform.name} snippet={snippet}>
        <span>{name("PlatformTier", platform.tier)}</span>
        <span>{platform.division.name}</span>
      </Hit>
    )
  );
}

interface HitProps {
  kind: SearchKind;
  to: string | null;
  title: string;
  snippet: string | null | undefined;
  children: ReactNode;
}

/** A thing that was found, its hits marked where they stand. */
function Hit({ kind, to, title, snippet, children }: HitProps) {
  const name = useNames();
  const found = pieces(snippet ?? "");
  const inTitle = found.map(({ text }) => text).join("") === title;
  const shown = inTitle ? <Marked pieces={found} /> : title;
  return (
    <>
      <div className="line">
        <span className="tag">{name("SearchKind", kind)}</span>
        {to === null ? (
          <strong className="hit-title">{shown}</strong>
        ) : (
          <Link className="thing-title hit-title" to={to}>
            {shown}
          </Link>
        )}
      </div>
      {found.length > 0 && !inTitle && (
        <p className="snippet">
          <Marked pieces={found} />
        </p>
      )}
      <div className="line">{children}</div>
    </>
  );
}

function Marked({ pieces: found }: { pieces: ReturnType<typeof pieces> }) {
  return found.map(({ text, hit }, at) => (hit ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>));
}
