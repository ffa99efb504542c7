import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FixesDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { divisionsOf, useViewer } from "../../viewer";
import { toVerify } from "../story";
import "../resident.css";

/** What was fixed where somebody lives, theirs or others', to say how they find it. */
export default function Fixes() {
  const { t } = useTranslation("resident");
  const divisions = divisionsOf(useViewer(), ["RESIDENT"]);
  return (
    <div className="page narrow">
      <PageTitle title={t("fixes.title")}>
        <p className="soft">{t("fixes.what")}</p>
      </PageTitle>
      {divisions.map(({ code, name }) => (
        <Section key={code} title={name}>
          <FixesOf within={code} />
        </Section>
      ))}
    </div>
  );
}

function FixesOf({ within }: { within: string }) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(FixesDocument, { within, after });
  return (
    <Answer asked={asked}>
      {({ topics }) => (
        <>
          {topics?.nodes.length === 0 && <p className="soft">{t("fixes.none")}</p>}
          <ul className="things">
            {topics?.nodes.map((topic) => (
              <li key={topic.id}>
                <Link className="thing-title" to={`/desk/fixes/${topic.number}`}>
                  {topic.title}
                </Link>
                <p className="line">
                  <Tag of="TopicStatus" value={topic.status} />
                  {topic.confirmedFixedAt ? (
                    <span className="tag done">{t("matters.confirmed")}</span>
                  ) : (
                    topic.resolvedAt && <span className="tag waiting">{t("fixes.unconfirmed")}</span>
                  )}
                  {toVerify(topic) && <span className="tag waiting">{t("promised.toVerify")}</span>}
                  <span>{name("Category", topic.category)}</span>
                  <span>{topic.platform.name}</span>
                  {topic.resolvedAt && <time dateTime={topic.resolvedAt}>{day(topic.resolvedAt)}</time>}
                </p>
              </li>
            ))}
          </ul>
          <More page={topics?.pageInfo} busy={asked.fetching} onMore={setAfter} />
        </>
      )}
    </Answer>
  );
}
