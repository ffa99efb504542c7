import { useTranslation } from "react-i18next";
import { useNames } from "~/i18n/names";
import { Problems } from "~/parts/Confirm";
import type { MatterDraft, RaisingStep } from "./matterDraft";

interface Props {
  draft: MatterDraft;
  act: { pending: boolean; problems: string[]; fieldErrors: Record<string, string> };
  onStep: (step: RaisingStep) => void;
  onSend: () => void;
}

/** All that is sent, once more. */
export function Check({ draft, act, onStep, onSend }: Props) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const { platform, title, description, category, nature } = draft;
  return (
    <div className="form card">
      <dl className="check">
        <dt>{t("raise.send.platform")}</dt>
        <dd>
          {platform?.name} <Change of={t("raise.send.platform")} onPress={() => onStep("where")} />
        </dd>
        <dt>{t("raise.what.words.title")}</dt>
        <dd>
          {title} <Change of={t("raise.what.words.title")} onPress={() => onStep("what")} />
        </dd>
        <dt>{t("raise.what.words.description")}</dt>
        <dd className="words">{description}</dd>
        <dt>{t("raise.what.words.category")}</dt>
        <dd>{category && name("Category", category)}</dd>
        <dt>{t("raise.what.words.nature")}</dt>
        <dd>{nature ? name("MatterNature", nature) : t("raise.what.noNature")}</dd>
      </dl>
      <p className="soft">{t("raise.send.public")}</p>
      <Problems problems={[...act.problems, ...Object.values(act.fieldErrors)]} />
      <div className="buttons">
        <button type="button" className="button" onClick={() => onStep("what")}>
          {t("raise.back")}
        </button>
        <button type="button" className="button primary" disabled={act.pending} onClick={onSend}>
          {t(act.pending ? "raise.send.pending" : "raise.send.submit")}
        </button>
      </div>
    </div>
  );
}

function Change({ of, onPress }: { of: string; onPress: () => void }) {
  const { t } = useTranslation("resident");
  return (
    <button type="button" className="button quiet small" aria-label={t("raise.send.change", { what: of })} onClick={onPress}>
      {t("raise.send.edit")}
    </button>
  );
}
