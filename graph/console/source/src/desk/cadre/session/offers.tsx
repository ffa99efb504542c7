import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import {
  AddOpinionAsStaffDocument, CancelSessionDocument, RecordMinutesDocument, RescheduleSessionDocument, type ParticipantRole, type SessionStatus,
} from "~generated/graphql";
import { useChoices, useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { fieldOf, instant, needed, words } from "~/parts/filled";
import { useNow } from "~/parts/now";
import type { Offer } from "../Offers";
import type { Session } from "./Session";

/** In which states of the session each act can be done. */
const STATES = {
  record: ["SCHEDULED"],
  reschedule: ["SCHEDULED", "POSTPONED"],
  postpone: ["SCHEDULED"],
  cancel: ["SCHEDULED", "POSTPONED"],
  minutes: ["HELD"],
  opinion: ["HELD"],
} as const satisfies Record<string, readonly SessionStatus[]>;

type Name = keyof typeof STATES;

/** What staff can do with a session. */
export function useSessionOffers(session: Session): Offer[] {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const buttons: Record<Name, React.ReactNode> = {
    record: <ToRecord session={session} />,
    reschedule: <Reschedule session={session} />,
    postpone: <Postpone session={session} />,
    cancel: <Cancel session={session} />,
    minutes: <Minutes session={session} />,
    opinion: <Opinion session={session} />,
  };
  const now = useNow();
  const early = session.status === "SCHEDULED" && Date.parse(session.scheduledAt) > now;
  return (Object.keys(STATES) as Name[])
    .filter((act) => act !== "minutes" || session.minutes === null || session.status !== "HELD")
    .map((act) => {
      const states: readonly SessionStatus[] = STATES[act];
      const why = t("session.why", { states: states.map((state) => name("SessionStatus", state)).join(t("or")), now: name("SessionStatus", session.status) });
      return {
        name: t(`session.act.${act}`),
        why: states.includes(session.status) ? null : why,
        button: act === "record" && early ? <ToRecord session={session} early /> : buttons[act],
      };
    });
}

function ToRecord({ session, early = false }: { session: Session; early?: boolean }) {
  const { t } = useTranslation("cadre");
  return (
    <Link className={`button ${early ? "" : "primary"}`} to={`/desk/sessions/${session.id}/record`}>
      {t("session.act.record")}
    </Link>
  );
}

function Reschedule({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const postponed = session.status === "POSTPONED";
  return (
    <ActDialog
      act={t("session.act.reschedule")}
      look={postponed ? "primary" : "plain"}
      document={RescheduleSessionDocument}
      fields={["scheduledAt", "venue"]}
      input={(filled) => ({
        session: session.id,
        scheduledAt: changed(instant(filled, "scheduledAt"), postponed ? null : `${fieldOf(session.scheduledAt)}:00+08:00`),
        venue: changed(words(filled, "venue"), session.venue),
        postpone: false,
      })}
      done={t("session.done.reschedule")}
    >
      <p>{t("session.rescheduleWhat")}</p>
      <WordsField name="scheduledAt" label={t("session.at")} type="datetime-local" required defaultValue={postponed ? "" : fieldOf(session.scheduledAt)} />
      <WordsField name="venue" label={t("session.venue")} required maxLength={200} defaultValue={session.venue} />
    </ActDialog>
  );
}

/** What was filled in, where it is another than before. */
function changed(now: string | null, before: string | null): string | null {
  return now === before ? null : now;
}

function Postpone({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("session.act.postpone")}
      document={RescheduleSessionDocument}
      input={() => ({ session: session.id, postpone: true })}
      done={t("session.done.postpone")}
    >
      <p>{t("session.postponeWhat")}</p>
    </ActDialog>
  );
}

function Cancel({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("session.act.cancel")}
      look="quiet"
      document={CancelSessionDocument}
      fields={["reason"]}
      input={(filled) => ({ session: session.id, reason: needed(filled, "reason") })}
      done={t("session.done.cancel")}
    >
      <p>{t("session.cancelWhat")}</p>
      <WordsField name="reason" label={t("reason")} required rows={3} />
    </ActDialog>
  );
}

function Minutes({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  return (
    <ActDialog
      act={t("session.act.minutes")}
      look="primary"
      wide
      document={RecordMinutesDocument}
      fields={["minutes"]}
      input={(filled) => ({ session: session.id, minutes: needed(filled, "minutes") })}
      done={t("session.done.minutes")}
    >
      <WordsField name="minutes" label={t("session.minutes")} help={t("session.minutesHelp")} required rows={12} maxLength={50_000} />
    </ActDialog>
  );
}

function Opinion({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  return (
    <ActDialog
      act={t("session.act.opinion")}
      document={AddOpinionAsStaffDocument}
      fields={["role", "text", "topic"]}
      input={(filled) => ({ session: session.id, role: needed(filled, "role") as ParticipantRole, text: needed(filled, "text"), topic: words(filled, "topic") })}
      done={t("session.done.opinion")}
    >
      <ChoiceField name="role" label={t("record.role")} required options={choices("ParticipantRole")} defaultValue="RESIDENT" />
      <WordsField name="text" label={t("record.text")} required rows={4} maxLength={5000} />
      {session.topics.length > 1 && (
        <ChoiceField name="topic" label={t("record.topic")} options={session.topics.map(({ id, title }) => ({ id, name: title }))} />
      )}
    </ActDialog>
  );
}
