import { useTranslation } from "react-i18next";
import { LaunchBrandDocument, RegistryBrandsDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { day } from "~/i18n/format";
import { ActDialog } from "~/parts/ActDialog";
import { Answer } from "~/parts/Answer";
import { WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Section } from "~/parts/Page";
import { DivisionPicker } from "~/parts/Pickers";
import { placesOf } from "./beneath";

/** The brands of the place and of what lies in it, and a new one. */
export function Brands({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  const asked = useAsk(RegistryBrandsDocument, { within });
  return (
    <Section title={t("brands.title")} aside={<Launch within={within} />}>
      <Answer asked={asked}>
        {({ division }) => {
          const brands = placesOf(division).flatMap((place) => place.brands);
          return brands.length === 0 ? (
            <p className="empty">{t("brands.empty")}</p>
          ) : (
            <ul className="things">
              {brands.map((brand) => (
                <li key={brand.id}>
                  <strong>{brand.name}</strong>
                  <span className="line">
                    <span>{brand.division.name}</span>
                    {brand.umbrella && <span>{t("brands.of", { umbrella: brand.umbrella })}</span>}
                    {brand.launchedOn && <span>{t("brands.since", { day: day(brand.launchedOn) })}</span>}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Section>
  );
}

function Launch({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  return (
    <ActDialog
      act={t("brands.act")}
      wide
      document={LaunchBrandDocument}
      fields={["name", "umbrella", "division", "launchedOn"]}
      input={(form) => ({
        name: needed(form, "name").trim(),
        umbrella: words(form, "umbrella")?.trim() ?? null,
        division: needed(form, "division"),
        launchedOn: words(form, "launchedOn"),
      })}
      done={t("brands.done")}
    >
      <p>{t("brands.what")}</p>
      <div className="fields">
        <WordsField name="name" label={t("brands.name")} help={t("brands.nameHelp")} required maxLength={100} />
        <WordsField name="umbrella" label={t("brands.umbrella")} help={t("brands.umbrellaHelp")} maxLength={100} />
        <DivisionPicker name="division" label={t("platforms.division")} required within={within} />
        <WordsField name="launchedOn" label={t("brands.on")} help={t("open.onHelp")} type="date" />
      </div>
    </ActDialog>
  );
}
