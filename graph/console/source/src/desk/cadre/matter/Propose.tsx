import { useState, type FormEvent } from "react";
import { Button, Checkbox, CheckboxGroup, Form, Label } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { ProposeFromDocument, ProposeTopicDocument, type Category, type ProposeFromQuery, type TopicKind } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { day } from "~/i18n/format";
import { useChoices } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { divisionsOf, useViewer } from "../../viewer";
import { BackToInbox } from "../Place";
import { STAFF } from "../rights";
import "../cadre.css";

/** Makes a topic of one matter or of several (立项). */
export default function Propose() {
  const { t } = useTranslation("cadre");
  const [parameters] = useSearchParams();
  const chosen = parameters.getAll("matter");
  const [place] = divisionsOf(useViewer(), STAFF);
  const within = place?.code ?? "";
  const asked = useAsk(ProposeFromDocument, { within, chosen }, { pause: within === "" });
  return (
    <div className="page narrow">
      <PageTitle title={t("propose.title")} above={<BackToInbox />}>
        <p className="soft">{t("propose.what")}</p>
      </PageTitle>
      {within === "" ? (
        <Notice kind="notice" title={t("inbox.noPlace.title")}>
          <p>{t("inbox.noPlace.what")}</p>
        </Notice>
      ) : (
        <Answer asked={asked}>{(data) => <Proposal data={data} chosen={chosen} />}</Answer>
      )}
    </div>
  );
}

function Proposal({ data, chosen }: { data: ProposeFromQuery; chosen: readonly string[] }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  const navigate = useNavigate();
  const matters = listed(data);
  const [first] = useState(() => (data.chosen ?? []).find((each) => each !== null && "platform" in each));
  const platforms = platformsOf(data);
  const [made, setMade] = useState<readonly string[]>(chosen.filter((id) => matters.some((matter) => matter.id === id)));
  const act = useAct(ProposeTopicDocument, ["platform", "title", "summary", "kind", "category", "matters"]);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = await act.perform({
      platform: needed(form, "platform"),
      title: needed(form, "title"),
      summary: words(form, "summary"),
      kind: needed(form, "kind") as TopicKind,
      category: needed(form, "category") as Category,
      matters: [...made],
    });
    if (given?.topic) {
      announce(t("propose.done"));
      void navigate(`/desk/topics/${given.topic.number}`, { state: { warnings: given.warnings.map(({ message }) => message) } });
    }
  }

  return (
    <Form className="form" validationErrors={act.fieldErrors} onSubmit={(event) => void send(event)}>
      <Section title={t("propose.matters")} className="wide">
        {matters.length === 0 && <p className="empty">{t("propose.noMatters")}</p>}
        <CheckboxGroup name="matters" className="field" value={[...made]} onChange={setMade}>
          <Label className="unseen">{t("propose.matters")}</Label>
          {matters.map((matter) => (
            <Checkbox key={matter.id} value={matter.id} className="check">
              <span className="check-box" aria-hidden="true" />
              <span>
                {matter.title}
                {"raisedAt" in matter && <span className="soft small"> {day(matter.raisedAt)}</span>}
              </span>
            </Checkbox>
          ))}
        </CheckboxGroup>
      </Section>
      <Section title={t("propose.topic")} className="wide">
        <div className="form">
          <WordsField name="title" label={t("propose.name")} required maxLength={200} defaultValue={first && "title" in first ? first.title : ""} />
          <WordsField name="summary" label={t("propose.summary")} rows={6} maxLength={5000} defaultValue={first && "description" in first ? first.description : ""} />
          <div className="fields">
            <ChoiceField name="platform" label={t("fact.platform")} required options={platforms} defaultValue={first && "platform" in first ? first.platform.id : platforms[0]?.id} />
            <ChoiceField name="kind" label={t("fact.kind")} help={t("propose.kindHelp")} required options={choices("TopicKind")} defaultValue="MICRO" />
            <ChoiceField name="category" label={t("fact.category")} required options={choices("Category")} defaultValue={first && "category" in first ? first.category : undefined} />
          </div>
        </div>
      </Section>
      <Problems problems={act.problems} />
      <div className="buttons">
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("propose.send")}
        </Button>
      </div>
    </Form>
  );
}

/** Accepted matters of the place, and those of the address that are. */
function listed(data: ProposeFromQuery) {
  const all = data.matters?.nodes ?? [];
  const more = (data.chosen ?? []).flatMap((each) => (each && "status" in each && each.status === "ACCEPTED" ? [each] : []));
  return [...all, ...more.filter(({ id }) => !all.some((matter) => matter.id === id))];
}

/** Open platforms of the place, and those where the matters were raised. */
function platformsOf(data: ProposeFromQuery) {
  const more = (data.chosen ?? []).flatMap((each) => (each && "platform" in each ? [each.platform] : []));
  const all = [...more, ...(data.platforms?.nodes ?? [])];
  return [...new Map(all.map(({ id, name }) => [id, { id, name }])).values()];
}
