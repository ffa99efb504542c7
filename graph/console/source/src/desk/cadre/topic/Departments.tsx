import { useTranslation } from "react-i18next";
import { InvolveDepartmentDocument, ReleaseDepartmentDocument, type InvolvementRole } from "~generated/graphql";
import { day, moment } from "~/i18n/format";
import { useChoices, useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Section } from "~/parts/Page";
import { DepartmentPicker } from "~/parts/Pickers";
import { TableFrame } from "~/parts/TableFrame";
import { Tag } from "~/parts/Tag";
import type { Topic } from "./Topic";

/** The departments that have a part in the topic, and what they answered. */
export function Departments({ topic, staff }: { topic: Topic; staff: boolean }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const open = topic.status !== "RESOLVED" && topic.status !== "WITHDRAWN";
  return (
    <Section title={t("departments.title")}>
      {topic.involvements.length === 0 ? (
        <p className="empty">{t("departments.empty")}</p>
      ) : (
        <TableFrame label={t("departments.title")}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("departments.name")}</th>
                <th scope="col">{t("departments.role")}</th>
                <th scope="col">{t("departments.since")}</th>
                <th scope="col">{t("departments.receipt")}</th>
                {staff && open && <th scope="col">{t("acts")}</th>}
              </tr>
            </thead>
            <tbody>
              {topic.involvements.map(({ department, role, since, receipt }) => (
                <tr key={department.id}>
                  <th scope="row">{department.name}</th>
                  <td>{name("InvolvementRole", role)}</td>
                  <td>{day(since)}</td>
                  <td>
                    {receipt ? <Tag of="ReceiptStatus" value={receipt.status} /> : <span className="soft">{t("departments.noReceipt")}</span>}
                    {receipt && <p className="soft small">{[receipt.note, moment(receipt.at)].filter(Boolean).join(" · ")}</p>}
                  </td>
                  {staff && open && (
                    <td>
                      <Release topic={topic} department={department} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Section>
  );
}

export function Involve({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  return (
    <ActDialog
      act={t("topic.act.involve")}
      document={InvolveDepartmentDocument}
      fields={["department", "role"]}
      input={(filled) => ({ topic: topic.id, department: needed(filled, "department"), role: needed(filled, "role") as InvolvementRole })}
      done={t("topic.done.involve")}
    >
      <p>{t("departments.involveWhat")}</p>
      <DepartmentPicker name="department" label={t("departments.name")} help={t("departments.help")} required within={countyOf(topic)} />
      <ChoiceField
        name="role"
        label={t("departments.role")}
        required
        options={choices("InvolvementRole")}
        defaultValue={topic.involvements.some(({ role }) => role === "LEAD") ? "SUPPORT" : "LEAD"}
      />
    </ActDialog>
  );
}

function Release({ topic, department }: { topic: Topic; department: { code: string; name: string } }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("departments.release")}
      title={t("departments.releaseTitle", { name: department.name })}
      look="quiet"
      document={ReleaseDepartmentDocument}
      fields={["reason"]}
      input={(filled) => ({ topic: topic.id, department: department.code, reason: words(filled, "reason") })}
      done={t("departments.released")}
    >
      <p>{t("departments.releaseWhat")}</p>
      <WordsField name="reason" label={t("reason")} rows={3} />
    </ActDialog>
  );
}

/** Departments are found in the whole county of a topic: they stand at it, not at its communities. */
export function countyOf(topic: Topic): string {
  return topic.platform.division.code.slice(0, 6);
}
