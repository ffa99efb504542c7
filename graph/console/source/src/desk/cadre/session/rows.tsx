import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ParticipantRole } from "~generated/graphql";
import { useChoices } from "~/i18n/names";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { MemberPicker } from "~/parts/MemberPicker";
import { DepartmentPicker } from "~/parts/Pickers";
import type { Present, Said } from "./recorded";

type Row<Values> = Values & { key: number };

export interface Rows<Values> {
  rows: readonly Row<Values>[];
  set: (key: number, values: Partial<Values>) => void;
  add: (values: Values) => void;
  remove: (key: number) => void;
}

/** Rows that can be added and removed, each with a key of its own. */
export function useRows<Values extends object>(first: readonly Values[]): Rows<Values> {
  const [{ rows }, change] = useState(() => ({
    rows: first.map((values, key): Row<Values> => ({ ...values, key })),
    next: first.length,
  }));
  return {
    rows,
    set: (key, values) => change((before) => ({ ...before, rows: before.rows.map((row) => (row.key === key ? { ...row, ...values } : row)) })),
    add: (values) => change((before) => ({ rows: [...before.rows, { ...values, key: before.next }], next: before.next + 1 })),
    remove: (key) => change((before) => ({ ...before, rows: before.rows.filter((row) => row.key !== key) })),
  };
}

/** Who came: a row for each, or for several of one kind without names. */
export function AttendanceRows({ rows, within }: { rows: Rows<Present>; within: string }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  return (
    <div className="rows">
      {rows.rows.map((row, at) => (
        <fieldset key={row.key} className="row">
          <legend className="unseen">{t("record.row", { at: at + 1 })}</legend>
          <ChoiceField
            name={`row.${row.key}.role`}
            label={t("record.role")}
            required
            options={choices("ParticipantRole")}
            value={row.role}
            onChange={(role) => rows.set(row.key, { role: role as ParticipantRole, member: undefined, department: undefined })}
          />
          {row.role === "MEMBER" && (
            <MemberPicker name="attendances.member" label={t("record.member")} within={within} onPick={(member) => rows.set(row.key, { member })} />
          )}
          {(row.role === "DEPARTMENT" || row.role === "ENTERPRISE") && (
            <DepartmentPicker name="attendances.department" label={t("departments.name")} within={within} initial={row.department} onPick={(department) => rows.set(row.key, { department })} />
          )}
          {row.role !== "MEMBER" && (
            <WordsField name="attendances.name" label={t("record.name")} maxLength={100} value={row.name ?? ""} onChange={(name) => rows.set(row.key, { name })} />
          )}
          {!row.name && !row.member && (
            <WordsField
              name={`row.${row.key}.count`}
              label={t("record.count")}
              type="number"
              required
              value={String(row.count ?? 1)}
              onChange={(count) => rows.set(row.key, { count: Math.min(1000, Math.max(0, Math.trunc(Number(count)))) })}
            />
          )}
          <Button className="button quiet" aria-label={t("record.remove", { at: at + 1 })} onPress={() => rows.remove(row.key)}>
            {t("remove")}
          </Button>
        </fieldset>
      ))}
      <Button className="button" onPress={() => rows.add({ role: "RESIDENT" })}>
        {t("record.addPresent")}
      </Button>
    </div>
  );
}

interface OpinionsProps {
  rows: Rows<Said>;
  topics: readonly { id: string; title: string }[];
  present: readonly Present[];
}

/** What was said: by a part, or by a member who was there. */
export function OpinionRows({ rows, topics, present }: OpinionsProps) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  const members = present.flatMap(({ member }) => member ?? []);
  return (
    <div className="rows">
      {rows.rows.map((row, at) => (
        <fieldset key={row.key} className="row said">
          <legend className="unseen">{t("record.opinionRow", { at: at + 1 })}</legend>
          <ChoiceField
            name={`said.${row.key}.role`}
            label={t("record.role")}
            required
            options={choices("ParticipantRole")}
            value={row.role}
            onChange={(role) => rows.set(row.key, { role: role as ParticipantRole, member: undefined })}
          />
          {row.role === "MEMBER" && members.length > 0 && (
            <ChoiceField name="opinions.member" label={t("record.member")} options={members} value={row.member ?? null} onChange={(member) => rows.set(row.key, { member })} />
          )}
          {topics.length > 1 && (
            <ChoiceField
              name="opinions.topic"
              label={t("record.topic")}
              options={topics.map(({ id, title }) => ({ id, name: title }))}
              value={row.topic ?? null}
              onChange={(topic) => rows.set(row.key, { topic })}
            />
          )}
          <WordsField name="opinions.text" label={t("record.text")} rows={2} maxLength={5000} value={row.text ?? ""} onChange={(text) => rows.set(row.key, { text })} />
          <Button className="button quiet" aria-label={t("record.removeOpinion", { at: at + 1 })} onPress={() => rows.remove(row.key)}>
            {t("remove")}
          </Button>
        </fieldset>
      ))}
      <Button className="button" onPress={() => rows.add({ role: "RESIDENT" })}>
        {t("record.addOpinion")}
      </Button>
    </div>
  );
}
