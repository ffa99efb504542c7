import type { AttendanceInput, OpinionInput, ParticipantRole } from "~generated/graphql";

/** Somebody or something known, by what the API names it by. */
export interface Known {
  id: string;
  name: string;
}

/** A row of who came, as it is filled in. */
export interface Present {
  role: ParticipantRole;
  name?: string;
  member?: Known | null;
  department?: Known | null;
  /** How many came of this kind without a name: each is one attendance. */
  count?: number;
}

/** A row of what was said. */
export interface Said {
  role: ParticipantRole;
  text?: string;
  topic?: string;
  member?: string;
}

/** The API's attendances: one for each who came. */
export function attended(rows: readonly Present[]): AttendanceInput[] {
  return rows.flatMap(({ role, name, member, department, count }) => {
    const one: AttendanceInput = { role, name: name?.trim() || null, member: member?.id ?? null, department: department?.id ?? null };
    return Array.from({ length: one.name || one.member ? 1 : Math.max(0, count ?? 1) }, () => one);
  });
}

/** The API's opinions, without rows where nothing was written. */
export function said(rows: readonly Said[]): OpinionInput[] {
  return rows
    .filter(({ text }) => text !== undefined && text.trim() !== "")
    .map(({ role, text = "", topic, member }) => ({ role, text, topic: topic ?? null, member: member ?? null }));
}
