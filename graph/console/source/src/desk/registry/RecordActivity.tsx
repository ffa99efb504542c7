import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { RecordActivityDocument } from "~generated/graphql";
import { ActDialog } from "~/parts/ActDialog";
import { WordsField } from "~/parts/Fields";
import { count, needed } from "~/parts/filled";
import { MemberPicker } from "~/parts/MemberPicker";
import { DivisionPicker } from "~/parts/Pickers";
import { countyOf } from "./surroundings";

interface Props {
  /** The code of the division where it may have been. */
  within: string;
  /** The center where it was; elsewhere where there is none. */
  center?: { id: string; name: string };
}

/** Records an activity that took place, at a center or elsewhere in a division. */
export function RecordActivity({ within, center }: Props) {
  const { t } = useTranslation("registry");
  return (
    <ActDialog
      act={t(center ? "activity.act" : "activity.actElsewhere")}
      title={center ? t("activity.title", { name: center.name }) : t("activity.actElsewhere")}
      wide
      document={RecordActivityDocument}
      fields={["kind", "title", "heldOn", "headcount", "members", ...(center ? [] : ["division"])]}
      input={(form) => ({
        kind: needed(form, "kind").trim(),
        title: needed(form, "title").trim(),
        heldOn: needed(form, "heldOn"),
        center: center?.id ?? null,
        division: center ? null : needed(form, "division"),
        headcount: count(form, "headcount"),
        members: form.getAll("members").map(String).filter((id) => id !== ""),
      })}
      done={t("activity.done")}
    >
      {!center && <p>{t("activity.elsewhere")}</p>}
      <div className="fields">
        <WordsField name="title" label={t("activity.name")} help={t("activity.nameHelp")} required maxLength={200} />
        <WordsField name="kind" label={t("activity.kind")} help={t("activity.kindHelp")} required maxLength={40} />
        <WordsField name="heldOn" label={t("activity.heldOn")} required type="date" />
        {!center && <DivisionPicker name="division" label={t("platforms.division")} required within={within} />}
        <WordsField name="headcount" label={t("activity.headcount")} help={t("activity.headcountHelp")} type="number" />
      </div>
      <Members within={countyOf(within)} />
    </ActDialog>
  );
}

/** The members who took part, one after another. */
function Members({ within }: { within: string }) {
  const { t } = useTranslation("registry");
  const [rows, setRows] = useState<readonly number[]>([0]);
  return (
    <fieldset className="rows">
      <legend>{t("activity.members")}</legend>
      {rows.map((row, at) => (
        <div key={row} className="row">
          <MemberPicker name="members" label={t("activity.member", { at: at + 1 })} within={within} />
          {rows.length > 1 && (
            <Button className="button quiet" aria-label={t("activity.removeMember", { at: at + 1 })} onPress={() => setRows(rows.filter((each) => each !== row))}>
              {t("activity.remove")}
            </Button>
          )}
        </div>
      ))}
      <Button className="button" onPress={() => setRows([...rows, Math.max(...rows) + 1])}>
        {t("activity.addMember")}
      </Button>
    </fieldset>
  );
}
