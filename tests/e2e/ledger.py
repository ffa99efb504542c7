"""What has to hold after every act, whatever it was and whoever tried it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import asyncpg

from services.matters.rules import LIFECYCLE as MATTER
from services.outcomes.rules import LIFECYCLE as COMMITMENT
from services.plans.rules import LIFECYCLE as PLAN
from services.sessions.rules import LIFECYCLE as SESSION
from services.topics.rules import LIFECYCLE as TOPIC
from tests.duty import OFFENDING_DUTY
from tests.everything import everything
from tests.integration.tallies.test_tallies import assert_true

STATUSES = " UNION ALL ".join(
    f"SELECT '{table}' AS kind, id, status FROM {table}"
    for table in ("matter", "topic", "session", "commitment", "annual_plan")
)
STATUSES += """ UNION ALL SELECT 'conversion', id,
CASE WHEN filed THEN 'FILED' WHEN NOT filed THEN 'TURNED_DOWN' ELSE 'UNDECIDED' END FROM conversion"""
FILING = {("UNDECIDED", "file"): "FILED", ("UNDECIDED", "turn down"): "TURNED_DOWN"}
LIFECYCLES: Mapping[str, tuple[str, set[tuple[str | None, str]]]] = {
    kind: (first, {(str(before), str(after)) for (before, _), after in lifecycle.items()})
    for kind, first, lifecycle in (
        ("matter", "RAISED", MATTER),
        ("topic", "PROPOSED", TOPIC),
        ("session", "SCHEDULED", SESSION),
        ("commitment", "ASSIGNED", COMMITMENT),
        ("annual_plan", "DRAFT", PLAN),
        ("conversion", "UNDECIDED", FILING),
    )
}
"""In which state a thing begins, and its steps."""
FROZEN = """SELECT plan.id, (to_jsonb(plan) - '{superseded_at, recorded_at}'::text[])::text || (
    SELECT json_agg(item ORDER BY item.id)::text FROM plan_item AS item WHERE item.plan_id = plan.id) AS content
FROM annual_plan AS plan WHERE plan.status = 'APPROVED'"""
TORN = """SELECT lane.id FROM lane LEFT JOIN delivery ON delivery.lane_id = lane.id
GROUP BY lane.id HAVING lane.last_sequence <> count(delivery) OR max(sequence) <> count(delivery)"""
MISDATED = """SELECT number FROM topic WHERE next_session_at IS DISTINCT FROM (
    SELECT min(session.scheduled_at) FROM session JOIN session_topic ON session_id = session.id
    WHERE topic_id = topic.id AND session.status = 'SCHEDULED' AND topic.status <> 'WITHDRAWN')
OR scheduled_at IS DISTINCT FROM coalesce(next_session_at, (
    SELECT session.scheduled_at FROM session JOIN session_topic ON session_id = session.id
    WHERE topic_id = topic.id AND session.status = 'HELD' AND (withdrawn_at IS NULL OR held_at <= withdrawn_at)
    ORDER BY held_at DESC, session.scheduled_at DESC LIMIT 1))"""
MISTOLD = """SELECT number FROM topic WHERE next_session_at IS DISTINCT FROM (
    SELECT (data -> 'topic' ->> 'scheduled_at')::timestamptz FROM event WHERE topic_id = topic.id
    ORDER BY id DESC LIMIT 1)"""
"""Topics of which the last event says another time than when their next session begins."""
OUT_OF_ORDER = (
    """SELECT id FROM session WHERE held_at > clock_timestamp() OR held_at < (
        SELECT max(proposed_at) FROM topic JOIN session_topic ON topic_id = topic.id
        WHERE session_id = session.id AND (withdrawn_at IS NULL OR withdrawn_at > held_at))""",
    """SELECT outcome.id FROM outcome JOIN session ON session.id = session_id
    WHERE reached_on < (held_at AT TIME ZONE 'Asia/Shanghai')::date""",
    "SELECT id FROM commitment WHERE due_on < (assigned_at AT TIME ZONE 'Asia/Shanghai')::date",
)
"""What happened before what it follows from, or is still to come."""
TOLD = "SELECT type AS act, count(*) AS entries FROM event WHERE topic_id IS NOT NULL GROUP BY type"
TRACED = "SELECT act, count(*) AS entries FROM trace_entry GROUP BY act"
AGENDA = "SELECT count(*) FROM session_topic WHERE session_id = $1"
OPEN_AGENDA = """SELECT count(*) FROM session_topic JOIN topic ON topic.id = topic_id
WHERE session_id = $1 AND status <> 'WITHDRAWN'"""
OF_OPINION = """SELECT count(*) FROM opinion JOIN session_topic AS agenda
ON agenda.session_id = opinion.session_id AND agenda.topic_id = coalesce(opinion.topic_id, agenda.topic_id)
JOIN topic ON topic.id = agenda.topic_id WHERE opinion.id = $1"""
ITEMS = "SELECT count(*) FROM plan_item WHERE plan_id = $1"
OF_CONVERSION = """SELECT CASE WHEN outcome_id IS NOT NULL THEN 1 ELSE (SELECT count(*) FROM opinion
    JOIN session_topic AS agenda ON agenda.session_id = opinion.session_id
    AND agenda.topic_id = coalesce(opinion.topic_id, agenda.topic_id) WHERE opinion.id = opinion_id) END
FROM conversion WHERE id = $1"""
ENTRIES: Mapping[str, tuple[str, str | int]] = {
    "raiseMatter": ("matter.raised", 1),
    "acceptMatter": ("matter.accepted", 1),
    "answerMatter": ("matter.answered", 1),
    "declineMatter": ("matter.declined", 1),
    "listMatter": ("matter.listed", 2),
    "proposeTopic": ("topic.proposed", 1),
    "listTopic": ("topic.listed", 1),
    "involveDepartment": ("topic.involved", 1),
    "releaseDepartment": ("topic.released", 1),
    "withdrawTopic": ("topic.withdrawn", 1),
    "resolveTopic": ("topic.resolved", 1),
    "reopenTopic": ("topic.reopened", 1),
    "addPlanItem": ("topic.planned", 1),
    "removePlanItem": ("topic.unplanned", 1),
    "approvePlan": ("plan.approved", ITEMS),
    "scheduleSession": ("topic.scheduled", OPEN_AGENDA),
    "rescheduleSession": ("topic.rescheduled", OPEN_AGENDA),
    "cancelSession": ("topic.cancelled", OPEN_AGENDA),
    "recordSession": ("session.held", OPEN_AGENDA),
    "recordMinutes": ("session.minuted", OPEN_AGENDA),
    "addOpinion": ("opinion.added", OF_OPINION + " AND topic.status <> 'WITHDRAWN'"),
    "recordOutcome": ("outcome.recorded", 1),
    "assignCommitment": ("commitment.assigned", 1),
    "acceptCommitment": ("commitment.accepted", 1),
    "declineCommitment": ("commitment.declined", 1),
    "reportProgress": ("commitment.progressed", 1),
    "completeCommitment": ("commitment.completed", 1),
    "verifyCommitment": ("commitment.verified", 1),
    "disputeCommitment": ("commitment.disputed", 1),
    "convertOutcome": ("conversion.submitted", 1),
    "convertOpinion": ("conversion.submitted", OF_CONVERSION),
    "fileConversion": ("conversion.filed", OF_CONVERSION),
    "recordFollowUp": ("followup.recorded", 1),
    "redactMatter": ("matter.redacted", 1),
    "hideMatter": ("matter.hidden", 1),
    "showMatter": ("matter.shown", 1),
    "redactTopic": ("topic.redacted", 1),
    "redactSession": ("session.redacted", AGENDA),
    "redactOutcome": ("outcome.redacted", 1),
    "redactCommitment": ("commitment.redacted", 1),
    "redactProgress": ("progress.redacted", 1),
    "redactVerdict": ("verdict.redacted", 1),
    "redactEvidence": ("evidence.redacted", 1),
    "redactConversion": ("conversion.redacted", OF_CONVERSION),
    "redactTraceEntry": ("trace.redacted", 1),
    "redactOpinion": ("opinion.redacted", OF_OPINION),
    "redactFollowUp": ("followup.redacted", 1),
    "correctTopic": ("topic.corrected", 1),
    "correctSession": ("session.corrected", OPEN_AGENDA),
    "correctOutcome": ("outcome.corrected", 1),
    "correctCommitment": ("commitment.corrected", 1),
    "correctConversion": ("conversion.corrected", OF_CONVERSION),
}
"""Verb → the act that it lets stand in the trace, and in how many chains: a number, or asked of the thing itself.

What others do to topics stands there as their events are called.
"""


class Ledger:
    """What stood before the act, to be compared with what stands after it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.holds: dict[str, tuple[int, str]] = {}
        self.statuses: dict[tuple[str, Any], str] = {}
        self._frozen: dict[Any, str] = {}
        self._traced: Counter[str] = Counter()
        self._told: Counter[str] = Counter()

    async def read(self) -> None:
        """Take what stands now for what stood before the next act."""
        self.holds = await everything(self._connection)
        self.statuses = await self._statuses()
        self._traced = await self._acts(TRACED)
        self._told = await self._acts(TOLD)

    async def hold_unchanged(self) -> None:
        """Hold that nothing was written."""
        assert await everything(self._connection) == self.holds

    async def hold_taken(self, verb: str, key: Any, values: Mapping[str, Any]) -> None:
        """Hold that a verb that was not refused moved things by steps of their lifecycles and stands in the trace."""
        now = await self._statuses()
        beside: Counter[str] = Counter()
        for (kind, thing), status in now.items():
            first, steps = LIFECYCLES[kind]
            before = self.statuses.get((kind, thing))
            assert status == (before or first) or (before, status) in steps, (kind, before, status)
            beside["matter.returned"] += (kind, before, status) == ("matter", "LISTED", "ACCEPTED")
            cancelled = (kind, status) == ("session", "CANCELLED") != (kind, before)
            beside["topic.cancelled"] += cancelled and verb == "withdrawTopic"
            beside["commitment.withdrawn"] += (kind, status) == ("commitment", "WITHDRAWN") != (kind, before)
        assert now.keys() >= self.statuses.keys()
        acts = await self._acts(TRACED)
        assert acts - self._traced == await self._expected(verb, key, values) + beside
        assert self._traced - acts == Counter()

    async def hold_always(self) -> None:
        """Hold what holds at any time.

        Approved plans are frozen, lanes counted without a gap, topics scheduled for their next session, every point of
        duty has its source, tallies are true.
        """
        frozen = {row["id"]: row["content"] for row in await self._connection.fetch(FROZEN)}
        assert {key: frozen.get(key) for key in self._frozen} == self._frozen
        self._frozen = frozen
        for offending in (TORN, MISDATED, MISTOLD, *OUT_OF_ORDER, *OFFENDING_DUTY.values()):
            assert await self._connection.fetch(offending) == []
        transaction = self._connection.transaction()
        await transaction.start()
        await assert_true(self._connection)
        await transaction.rollback()

    async def _expected(self, verb: str, key: Any, values: Mapping[str, Any]) -> Counter[str]:
        """Return which acts a verb lets stand in the trace, and how often."""
        if verb not in ENTRIES:
            return await self._acts(TOLD) - self._told
        act, asked = ENTRIES[verb]
        if verb == "rescheduleSession" and values["scheduledAt"] is None:
            act = "topic.postponed" if values["postpone"] else "topic.moved"
        if verb == "fileConversion" and not values["filed"]:
            act = "conversion.turned_down"
        entries = asked if isinstance(asked, int) else await self._connection.fetchval(asked, key)
        expected = Counter({act: entries})
        if verb == "resolveTopic":
            expected["commitment.left_open"] = len(values["openCommitments"])
        if verb == "proposeTopic":
            expected["matter.listed"] = 2 * len(set(values["matters"]))
        return +expected

    async def _statuses(self) -> dict[tuple[str, Any], str]:
        return {(row["kind"], row["id"]): row["status"] for row in await self._connection.fetch(STATUSES)}

    async def _acts(self, counted: str) -> Counter[str]:
        return Counter({row["act"]: row["entries"] for row in await self._connection.fetch(counted)})
