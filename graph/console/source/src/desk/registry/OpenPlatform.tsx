import { useState } from "react";
import { useTranslation } from "react-i18next";
import { OpenPlatformDocument, PlatformSurroundingsDocument, type PlatformKind, type PlatformTier } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useChoices } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField, type Option } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import type { Found } from "~/parts/Picker";
import { DivisionPicker } from "~/parts/Pickers";
import { countyOf, parentsFor } from "./surroundings";

const NONE = "none";

/** Opens a platform in a division: beneath which one, under which brand, served by which liaison group. */
export function OpenPlatform({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  return (
    <ActDialog
      act={t("open.act")}
      look="primary"
      wide
      document={OpenPlatformDocument}
      fields={["name", "code", "division", "tier", "kind", "parent", "brand", "liaisonGroup", "openedOn"]}
      input={(form) => ({
        name: needed(form, "name").trim(),
        code: needed(form, "code").trim(),
        division: needed(form, "division"),
        tier: needed(form, "tier") as PlatformTier,
        kind: needed(form, "kind") as PlatformKind,
        parent: chosen(form, "parent"),
        brand: chosen(form, "brand"),
        liaisonGroup: chosen(form, "liaisonGroup"),
        openedOn: words(form, "openedOn"),
      })}
      done={t("open.done")}
    >
      <PlatformFields within={within} />
    </ActDialog>
  );
}

function chosen(form: FormData, name: string): string | null {
  const value = words(form, name);
  return value === NONE ? null : value;
}

function PlatformFields({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  const choices = useChoices();
  const [place, setPlace] = useState<Found | null>(null);
  const [tier, setTier] = useState<PlatformTier | null>(null);
  const division = place?.id ?? within;
  const { data } = useAsk(PlatformSurroundingsDocument, { division, county: countyOf(division) }, { pause: place === null });
  const around = place === null ? undefined : data;
  const parents = tier === null || place === null ? [] : parentsFor(tier, place.id, around?.above?.nodes ?? []);
  const brands = [...(around?.place?.brands ?? []), ...(around?.place?.ancestors.flatMap((each) => each.brands) ?? [])];
  const groups = around?.county?.committee?.liaisonGroups ?? [];
  const optional = (options: readonly Option[]) => [{ id: NONE, name: t("open.none") }, ...options.map(({ id, name }) => ({ id, name }))];
  return (
    <div className="fields">
      <DivisionPicker name="division" label={t("platforms.division")} help={t("open.divisionHelp")} required within={within} onPick={setPlace} />
      <ChoiceField name="tier" label={t("platforms.tier")} required options={choices("PlatformTier")} onChange={(each) => setTier(each as PlatformTier)} />
      <WordsField name="name" label={t("platforms.name")} help={t("open.nameHelp")} required maxLength={200} />
      <WordsField name="code" label={t("platforms.code")} help={t("open.codeHelp")} required maxLength={40} />
      <ChoiceField name="kind" label={t("platforms.kind")} required options={choices("PlatformKind")} />
      {tier !== "GENERAL" && (
        <ChoiceField
          key={`parent of ${tier} in ${place?.id}: ${parents.length}`}
          name="parent"
          label={t("platforms.parent")}
          help={t(place === null || tier === null ? "open.parentFirst" : parents.length === 0 ? "open.parentNone" : "open.parentHelp")}
          required
          options={parents}
          defaultValue={parents[0]?.id}
        />
      )}
      <ChoiceField key={`brand in ${place?.id}: ${brands.length}`} name="brand" label={t("platforms.brand")} options={optional(brands)} defaultValue={NONE} />
      <ChoiceField key={`group in ${place?.id}: ${groups.length}`} name="liaisonGroup" label={t("members.group")} options={optional(groups)} defaultValue={NONE} />
      <WordsField name="openedOn" label={t("open.on")} help={t("open.onHelp")} type="date" />
    </div>
  );
}
