import { useState } from "react";
import { Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { TopicsToAuditDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { WordsField } from "~/parts/Fields";
import { PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";

/** Finds the trace of a topic by its number. */
export default function Audit() {
  const { t } = useTranslation("auditor");
  const navigate = useNavigate();
  const [number, setNumber] = useState("");
  const asked = useAsk(TopicsToAuditDocument, {});
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("what")}</p>
      </PageTitle>
      <Section title={t("find.title")}>
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void navigate(`/desk/auditor/topics/${encodeURIComponent(number.trim())}`);
          }}
        >
          <WordsField name="number" label={t("find.number")} help={t("find.help")} required value={number} onChange={setNumber} maxLength={40} />
          <button type="submit" className="button primary">
            {t("find.go")}
          </button>
        </Form>
      </Section>
      <Section title={t("latest")}>
        <Answer asked={asked}>
          {({ topics }) => (
            <ul className="things">
              {topics?.nodes.map((topic) => (
                <li key={topic.id}>
                  <Link className="thing-title" to={`/desk/auditor/topics/${topic.number}`}>
                    {topic.title}
                  </Link>
                  <p className="line">
                    <span>{topic.number}</span>
                    <Tag of="TopicStatus" value={topic.status} />
                    <span>{topic.platform.name}</span>
                    {topic.listedAt && <span>{day(topic.listedAt)}</span>}
                  </p>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </Section>
    </div>
  );
}
