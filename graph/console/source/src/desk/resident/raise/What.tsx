import type { FormEvent } from "react";
import { Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Category, MatterNature } from "~generated/graphql";
import { number } from "~/i18n/format";
import { useChoices } from "~/i18n/names";
import { WordsField } from "~/parts/Fields";
import { ChoicesField } from "../ChoicesField";
import type { MatterDraft } from "./matterDraft";

const TITLE_LENGTH = 200;
const WORDS_LENGTH = 5000;
const UNSAID = "UNSAID";

interface Props {
  draft: MatterDraft;
  write: (part: Partial<MatterDraft>) => void;
  faults: Record<string, string>;
  onBack: () => void;
  onNext: () => void;
}

/** What it is about, in somebody's own words. */
export function What({ draft, write, faults, onBack, onNext }: Props) {
  const { t } = useTranslation("resident");
  const choices = useChoices();

  function submit(event: FormEvent) {
    event.preventDefault();
    onNext();
  }

  return (
    <Form className="form card" validationErrors={faults} onSubmit={submit}>
      <WordsField
        name="title"
        label={t("raise.what.words.title")}
        help={t("raise.what.help.title")}
        required
        maxLength={TITLE_LENGTH}
        value={draft.title}
        onChange={(title) => write({ title })}
      />
      <WordsField
        name="description"
        label={t("raise.what.words.description")}
        help={t("raise.what.help.description", { left: number(WORDS_LENGTH - draft.description.length) })}
        required
        rows={6}
        maxLength={WORDS_LENGTH}
        value={draft.description}
        onChange={(description) => write({ description })}
      />
      <ChoicesField
        name="category"
        label={t("raise.what.words.category")}
        required
        columns
        options={choices("Category").map(({ id, name }) => ({ id, name, note: t(`category.${id}`) }))}
        value={draft.category}
        onChange={(category) => write({ category: category as Category })}
      />
      <ChoicesField
        name="nature"
        label={t("raise.what.words.nature")}
        columns
        options={[
          ...choices("MatterNature").map(({ id, name }) => ({ id, name, note: t(`nature.${id}`) })),
          { id: UNSAID, name: t("raise.what.noNature"), note: t("nature.none") },
        ]}
        value={draft.nature ?? UNSAID}
        onChange={(nature) => write({ nature: nature === UNSAID ? null : (nature as MatterNature) })}
      />
      <div className="buttons">
        <button type="button" className="button" onClick={onBack}>
          {t("raise.back")}
        </button>
        <button type="submit" className="button primary">
          {t("raise.next")}
        </button>
      </div>
    </Form>
  );
}
