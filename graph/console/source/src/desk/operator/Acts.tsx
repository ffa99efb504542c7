import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LaneEventsDocument, ReplayNoticesDocument, RetryNoticeDocument, SendTestNoticeDocument, SkipNoticeDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { ActDialog } from "~/parts/ActDialog";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { WordsField } from "~/parts/Fields";
import { instant, needed, words } from "~/parts/filled";

interface OfNotice {
  id: string;
  sequence: number;
  status: string;
}

/** What can be done about a notice that waits. */
export function WaitingActs({ notice, what }: { notice: OfNotice; what: string }) {
  const { t } = useTranslation("operator");
  return (
    <div className="acts" role="group" aria-label={t("act.about", { what, number: notice.sequence })}>
      {notice.status === "PARKED" && <Retry notice={notice} />}
      <ActDialog
        act={t("act.skip")}
        title={t("act.skipTitle", { what, number: notice.sequence })}
        document={SkipNoticeDocument}
        fields={["reason"]}
        input={(form) => ({ notice: notice.id, reason: needed(form, "reason") })}
        done={t("done.skip", { number: notice.sequence })}
      >
        <p className="soft">{t("act.skipWhat")}</p>
        <WordsField name="reason" label={t("field.reason")} required rows={3} maxLength={500} />
      </ActDialog>
    </div>
  );
}

function Retry({ notice }: { notice: OfNotice }) {
  const { t } = useTranslation("operator");
  const act = useAct(RetryNoticeDocument);
  async function retry() {
    if ((await act.perform({ notice: notice.id })) !== null) {
      announce(t("done.retry", { number: notice.sequence }));
    }
  }
  return (
    <>
      <button type="button" className="button primary" aria-disabled={act.pending} onClick={() => void retry()}>
        {t("act.retry")}
      </button>
      <Problems problems={act.problems} />
    </>
  );
}

/** Tries an agency's whole way: a test goes as every event does, and is to be answered by `received`. */
export function TestChannel({ code, name }: { code: string; name: string }) {
  const { t } = useTranslation("operator");
  const act = useAct(SendTestNoticeDocument, []);
  const [sent, setSent] = useState(0);
  async function send() {
    const given = await act.perform({ department: code });
    if (given !== null) {
      setSent(given.notice?.sequence ?? 0);
      announce(t("done.test", { number: given.notice?.sequence ?? 0 }));
    }
  }
  return (
    <div className="test-channel">
      <button type="button" className="button" aria-label={t("act.testOf", { name })} aria-disabled={act.pending} onClick={() => void send()}>
        {t("act.test")}
      </button>
      {sent > 0 && <p className="small soft">{t("done.test", { number: sent })}</p>}
      <Problems problems={act.problems} />
    </div>
  );
}

/** Sends a department what it was sent before: all of it, or what occurred in a time. */
export function ReplayTime({ code }: { code: string }) {
  const { t } = useTranslation("operator");
  return (
    <ActDialog
      act={t("act.replay")}
      title={t("act.replayTitle")}
      document={ReplayNoticesDocument}
      fields={["occurred.from", "occurred.until"]}
      input={(form) => {
        const [from, until] = [instant(form, "occurred.from"), instant(form, "occurred.until")];
        return { department: code, occurred: from || until ? { from, until } : null };
      }}
      done={t("done.replay")}
    >
      <p className="soft">{t("act.replayWhat")}</p>
      <WordsField name="occurred.from" label={t("field.from")} type="datetime-local" />
      <WordsField name="occurred.until" label={t("field.until")} type="datetime-local" />
    </ActDialog>
  );
}

const WITHOUT_TOPIC = ["system.restored", "system.test", "notice.reminder", "reply.rejected"];

interface ReplayFromProps {
  code: string;
  sequence: number;
  topic: { id: string; title: string } | null | undefined;
}

/** Sends again what was delivered in a lane from a number on. */
export function ReplayFrom({ code, sequence, topic }: ReplayFromProps) {
  const { t } = useTranslation("operator");
  return (
    <ActDialog
      act={t("act.replayFrom", { number: sequence })}
      title={t("act.replayFromTitle", { number: sequence, topic: topic?.title ?? t("withoutTopic") })}
      document={ReplayNoticesDocument}
      fields={["events"]}
      input={(form) => ({ department: code, events: words(form, "events")?.split(" ") ?? [] })}
      done={t("done.replay")}
      look="quiet"
    >
      <Events code={code} sequence={sequence} topic={topic} />
    </ActDialog>
  );
}

function Events({ code, sequence, topic }: ReplayFromProps) {
  const { t } = useTranslation("operator");
  const which = topic ? { topic: topic.id, type: null } : { topic: null, type: WITHOUT_TOPIC };
  const { data } = useAsk(LaneEventsDocument, { code, ...which });
  const events = data?.notices?.nodes.filter((notice) => notice.sequence >= sequence) ?? [];
  const numbers = events.map((notice) => notice.sequence);
  return (
    <>
      <p className="soft">{t("act.replayFromWhat")}</p>
      {numbers.length > 0 && (
        <p>{t("act.replayCount", { count: numbers.length, first: Math.min(...numbers), last: Math.max(...numbers) })}</p>
      )}
      <input type="hidden" name="events" value={events.map(({ eventId }) => eventId).join(" ")} />
    </>
  );
}
