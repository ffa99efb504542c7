import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { GrantRoleDocument, type Role } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useChoices, useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { Section } from "~/parts/Page";
import type { Found } from "~/parts/Picker";
import { DepartmentPicker, DivisionPicker } from "~/parts/Pickers";

/** Gives somebody a role over a place, or for a department. */
export function GiveRole({ within }: { within: string | null }) {
  const { t } = useTranslation("registry");
  const name = useNames();
  const choices = useChoices();
  const [subject, setSubject] = useState("");
  const [role, setRole] = useState<Role | null>(null);
  const [place, setPlace] = useState<Found | null>(null);
  const [emptied, setEmptied] = useState(0);
  const act = useAct(GrantRoleDocument, ["subject", "role", "division", "department"]);
  const forDepartment = role === "DEPARTMENT";

  async function give(event: React.FormEvent) {
    event.preventDefault();
    if (role === null) {
      return;
    }
    const where = forDepartment ? { division: null, department: place?.id ?? null } : { division: place?.id ?? null, department: null };
    if (await act.perform({ subject: subject.trim(), role, ...where })) {
      announce(t("give.done", { subject, role: name("Role", role) }));
      setSubject("");
      setPlace(null);
      setEmptied(emptied + 1);
    }
  }

  const picker = { required: true, onPick: setPlace, ...(within && { within }) };
  return (
    <Section title={t("give.title")}>
      <Form className="form" validationErrors={act.fieldErrors} onSubmit={give}>
        <div className="fields">
          <WordsField name="subject" label={t("grants.subject")} help={t("give.subjectHelp")} required maxLength={255} value={subject} onChange={setSubject} />
          <ChoiceField
            name="role"
            label={t("grants.role")}
            required
            options={choices("Role")}
            value={role}
            onChange={(chosen) => {
              setRole(chosen as Role);
              setPlace(null);
            }}
          />
          {forDepartment ? (
            <DepartmentPicker key={`department ${emptied}`} name="department" label={t("give.department")} {...picker} />
          ) : (
            <DivisionPicker key={`division ${emptied}`} name="division" label={t("give.division")} help={t("give.divisionHelp")} {...picker} />
          )}
        </div>
        {role && <p className="soft">{t(`give.means.${role}`)}</p>}
        <Problems problems={act.problems} />
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("give.act")}
        </Button>
      </Form>
    </Section>
  );
}
