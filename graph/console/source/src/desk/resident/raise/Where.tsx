import { useDeferredValue, useEffect, useState, type FormEvent } from "react";
import { Form, Input, Label, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { PlacesByWordsDocument, PlacesDocument, type PlaceFragment } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { ChoiceField } from "~/parts/Fields";
import { More } from "~/parts/More";
import { ChoicesField } from "../ChoicesField";
import type { MatterDraft } from "./matterDraft";

interface Props {
  divisions: readonly { code: string; name: string }[];
  draft: MatterDraft;
  write: (part: Partial<MatterDraft>) => void;
  onNext: () => void;
}

interface PlacesProps extends Pick<Props, "draft" | "write"> {
  within: string;
}

/** At which platform: those of the divisions where somebody may raise matters, by place or by name. */
export function Where({ divisions, draft, write, onNext }: Props) {
  const { t } = useTranslation("resident");
  const [home, setHome] = useState(divisions[0]?.code ?? "");
  const [words, setWords] = useState("");
  const text = useDeferredValue(words.trim());

  function submit(event: FormEvent) {
    event.preventDefault();
    onNext();
  }

  return (
    <Form className="form card" onSubmit={submit}>
      {divisions.length > 1 && (
        <ChoiceField
          name="home"
          label={t("raise.where.home")}
          required
          options={divisions.map(({ code, name }) => ({ id: code, name }))}
          value={home}
          onChange={setHome}
        />
      )}
      <SearchField className="field" value={words} onChange={setWords}>
        <Label>{t("raise.where.search")}</Label>
        <Input placeholder={t("raise.where.searchHint")} maxLength={200} />
      </SearchField>
      {text.length < 2 ? <ByPlace key={home} within={home} draft={draft} write={write} /> : <ByWords text={text} within={home} draft={draft} write={write} />}
      <button type="submit" className="button primary wide">
        {t("raise.next")}
      </button>
    </Form>
  );
}

function ByPlace({ within: home, draft, write }: PlacesProps) {
  const { t } = useTranslation("resident");
  const [within, setWithin] = useState(home);
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(PlacesDocument, { within, after });
  const division = asked.data?.division;
  const places = asked.data?.platforms;
  const only = places?.totalCount === 1 && within === home ? places.nodes[0] : null;
  useEffect(() => {
    if (only && draft.platform === null) {
      write({ platform: { id: only.id, name: only.name } });
    }
  }, [only, draft.platform, write]);

  function move(code: string) {
    setAfter(null);
    setWithin(code);
  }

  return (
    <>
      {division && (division.children.length > 0 || within !== home) && (
        <div className="where">
          <p>
            {t("raise.where.shown")}<strong>{division.name}</strong>
          </p>
          {within !== home && division.parent && (
            <button type="button" className="button" onClick={() => move(division.parent?.code ?? home)}>
              {t("raise.where.up", { name: division.parent.name })}
            </button>
          )}
          {division.children.length > 0 && (
            <ChoiceField
              key={within}
              name="within"
              label={t("raise.where.narrow")}
              options={division.children.map(({ code, name }) => ({ id: code, name }))}
              value={null}
              onChange={move}
            />
          )}
        </div>
      )}
      <Answer asked={asked}>
        {() => (
          <>
            <PlaceChoice places={places?.nodes ?? []} draft={draft} write={write} />
            <More page={places?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </>
        )}
      </Answer>
    </>
  );
}

function ByWords({ text, within, draft, write }: PlacesProps & { text: string }) {
  const asked = useAsk(PlacesByWordsDocument, { text, within });
  return (
    <Answer asked={asked}>
      {({ search }) => (
        <PlaceChoice
          places={(search?.edges ?? []).flatMap(({ node }) => (node.__typename === "Platform" && node.closedOn == null ? [node] : []))}
          draft={draft}
          write={write}
        />
      )}
    </Answer>
  );
}

function PlaceChoice({ places, draft, write }: { places: readonly PlaceFragment[] } & Pick<Props, "draft" | "write">) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const shown = places.map((place) => ({
    id: place.id,
    name: place.name,
    note: [name("PlatformTier", place.tier), name("PlatformKind", place.kind), place.division.name].join(" · "),
  }));
  const { platform: before } = draft;
  const options = before === null || shown.some(({ id }) => id === before.id) ? shown : [{ ...before, note: t("raise.where.before") }, ...shown];
  return (
    <ChoicesField
      name="platform"
      label={t("raise.where.label")}
      help={places.length === 0 && t("raise.where.none")}
      required
      options={options}
      value={draft.platform?.id ?? null}
      onChange={(id) => {
        const chosen = places.find((place) => place.id === id);
        write({ platform: chosen ? { id, name: chosen.name } : null });
      }}
    />
  );
}
