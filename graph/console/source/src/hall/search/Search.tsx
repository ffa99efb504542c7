import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { SearchedPlaceDocument, type SearchKind } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useChoices, useNames } from "~/i18n/names";
import { Choice } from "~/parts/Choice";
import { PageTitle } from "~/parts/Page";
import { DivisionPicker } from "~/parts/Pickers";
import { Results } from "./Results";
import "../hall.css";
import "./search.css";

const ALL = "ALL";

/** What the address asks for is what is found: it can be kept and sent on. */
export default function Search() {
  const { t } = useTranslation("search");
  const name = useNames();
  const choices = useChoices();
  const [parameters, setParameters] = useSearchParams();
  const text = (parameters.get("text") ?? "").trim();
  const within = parameters.get("within");
  const kinds = choices("SearchKind").map(({ id }) => id as SearchKind);
  const kind = kinds.find((each) => each === parameters.get("kind")) ?? null;
  const place = useAsk(SearchedPlaceDocument, { code: within ?? "" }, { pause: within === null });
  const { code, name: placeName } = place.data?.division ?? {};

  const choose = (field: string, value: string | null) =>
    setParameters((before) => {
      before.delete(field);
      if (value !== null && value !== "") {
        before.set(field, value);
      }
      return before;
    });

  return (
    <div className="page">
      <PageTitle title={text === "" ? t("title") : t("titleOf", { text })} />
      <form
        className="card search-form"
        aria-label={t("form")}
        onSubmit={(event) => {
          event.preventDefault();
          choose("text", (new FormData(event.currentTarget).get("text") as string).trim());
        }}
      >
        <div className="field search-words">
          <label htmlFor="search-text">{t("words")}</label>
          <input key={text} id="search-text" type="search" name="text" defaultValue={text} maxLength={200} enterKeyHint="search" />
        </div>
        <DivisionPicker
          key={within === null ? "" : (code ?? "asked")}
          name="within"
          label={t("place")}
          initial={within !== null && code && placeName ? { id: code, name: placeName } : null}
          onPick={(picked) => choose("within", picked?.id ?? null)}
        />
        <button type="submit" className="button primary">
          {t("search")}
        </button>
        {within !== null && (
          <button type="button" className="button" onClick={() => choose("within", null)}>
            {t("everywhere")}
          </button>
        )}
      </form>
      <Choice<SearchKind | typeof ALL>
        label={t("kind")}
        options={[ALL, ...kinds]}
        chosen={kind ?? ALL}
        name={(each) => (each === ALL ? t("all") : name("SearchKind", each))}
        onChoose={(each) => choose("kind", each === ALL ? null : each)}
      />
      {text === "" ? <p className="soft">{t("what")}</p> : <Results key={`${text} ${kind} ${within}`} text={text} kind={kind} within={within} />}
    </div>
  );
}
