"""One thing of each kind with a lifecycle, to be put into any state, and the commands that act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.core.act import Act
from services.core.clock import SystemClock
from services.matters import commands as matters
from services.notices import commands as notices
from services.notices.replies import Reply
from services.outcomes import commands as outcomes
from services.outcomes import receipts, resolution, verdicts, withdrawal, work
from services.outcomes.resolution import LeftOpen
from services.plans import commands as plans
from services.sessions import commands as sessions
from services.sessions import held
from services.sessions.enums import SessionForm
from services.topics import commands as topics
from services.topics.enums import Category, TopicKind
from services.topics.evidence import EvidenceGiven
from services.topics.matters import list_matter
from tests.everything import everything
from tests.world import ACTOR, APPROVER, World

COURT = "qinshui-court"
AHEAD = datetime(2097, 5, 1, 1, 0, tzinfo=UTC)
EVIDENCE = [EvidenceGiven("https://example.org/1")]
STATES = {
    "matter": """UPDATE matter SET status = '{state}', topic_id = CASE '{state}' WHEN 'LISTED' THEN '{other}'::uuid END,
        accepted_at = CASE WHEN '{state}' <> 'RAISED' THEN now() END,
        answer = CASE WHEN '{state}' IN ('ANSWERED', 'DECLINED') THEN '已办' END,
        answered_at = CASE WHEN '{state}' IN ('ANSWERED', 'DECLINED') THEN now() END""",
    "plan": """UPDATE annual_plan SET status = '{state}',
        submitted_at = CASE WHEN '{state}' <> 'DRAFT' THEN now() END,
        submitted_by = CASE WHEN '{state}' <> 'DRAFT' THEN 'secretariat' END,
        approved_at = CASE '{state}' WHEN 'APPROVED' THEN now() END,
        approving_body = CASE '{state}' WHEN 'APPROVED' THEN '县委' END,
        return_reason = CASE '{state}' WHEN 'RETURNED' THEN '请补充' END""",
    "topic": """UPDATE topic SET status = '{state}', resolved_at = CASE '{state}' WHEN 'RESOLVED' THEN now() END,
        withdrawn_at = CASE '{state}' WHEN 'WITHDRAWN' THEN now() END WHERE id = '{topic}'""",
    "session": "UPDATE session SET status = '{state}', held_at = CASE '{state}' WHEN 'HELD' THEN now() END",
    "commitment": "UPDATE commitment SET status = '{state}'",
    "notice": """UPDATE delivery SET status = '{state}', confirmed_at = CASE '{state}' WHEN 'CONFIRMED' THEN now() END,
        skipped_at = CASE '{state}' WHEN 'SKIPPED' THEN now() END,
        skipped_by = CASE '{state}' WHEN 'SKIPPED' THEN 'operator' END,
        skip_reason = CASE '{state}' WHEN 'SKIPPED' THEN '重复' END WHERE id = '{notice}'""",
    "receipt": """UPDATE delivery SET receipt = NULLIF('{state}', 'NONE'),
        receipt_at = CASE WHEN '{state}' <> 'NONE' THEN now() END WHERE id = '{notice}'""",
}
"""What puts a thing into a state, with what the database's constraints want beside it."""
AT_FIRST = {
    "matter": "ACCEPTED", "plan": "DRAFT", "topic": "IMPLEMENTING", "session": "SCHEDULED", "commitment": "ASSIGNED",
    "notice": "CONFIRMED", "receipt": "RECEIVED",
}  # fmt: skip
"""States in which things do not stand in the way of acts on others."""
Command = tuple[Callable[..., Any], dict[str, Any]]


@dataclass
class Scene:
    """A topic on a session's agenda with a matter beside it, a plan, a commitment and the notice that told of it."""

    world: World
    connection: asyncpg.Connection
    ids: dict[str, UUID]

    async def put(self, kind: str, state: str) -> None:
        """Put the thing of a kind into a state, past whatever would let it get there only step by step."""
        async with self.connection.transaction():
            await self.connection.execute("SET LOCAL session_replication_role = replica")
            for other, first in {**AT_FIRST, kind: state}.items():
                await self.connection.execute(STATES[other].format(state=first, **self.ids))

    async def everything(self) -> dict[str, tuple[int, str]]:
        return await everything(self.connection)

    async def run(self, command: Command) -> Any:
        """Run a command in a transaction of its own."""
        call, values = command
        actor = values.get("actor", ACTOR)
        async with self.world.db.write() as tx:
            return await call(Act(tx, actor, SystemClock()), **{key: values[key] for key in values if key != "actor"})


def acts(ids: dict[str, UUID]) -> dict[tuple[str, str], list[Command]]:
    """Return the commands that take each action of a lifecycle."""
    read: dict[str, Any] = {"expected_version": None}
    matter, topic = {**read, "matter_id": ids["matter"]}, {**read, "topic_id": ids["topic"]}
    session, commitment = {"session_id": ids["session"]}, {"commitment_id": ids["commitment"]}
    notice, plan = {"notice_id": ids["notice"]}, {"plan_id": ids["plan"], "expected_revision": None}
    planned, judged = {**plan, "topic_id": ids["other"]}, {"actor": APPROVER}
    calendar = {"topic_ids": [ids["topic"]], "scheduled_at": AHEAD, "venue": "议事厅", "form": SessionForm.ON_SITE}
    place = {"platform_id": ids["platform"]}
    title = {"title": "林地", "summary": None, "kind": TopicKind.MICRO, "category": Category.OTHER}
    present: dict[str, Any] = {
        "held_at": None,
        "minutes": None,
        "headcount": None,
        "headcount_is_lower_bound": False,
        "attendances": [],
        "opinions": [],
    }
    left_open = {"left_open": [LeftOpen(ids["commitment"], "排期在下月")]}
    agreed = {"session_id": None, "agreement": "补植", "reached_on": None}
    task = {"outcome_id": ids["outcome"], "department": COURT, "task": "勘界", "due_on": None}
    moved = (sessions.reschedule_session, {**session, "venue": None, "scheduled_at": AHEAD})
    return {
        ("matter", "accept"): [(matters.accept_matter, matter)],
        ("matter", "answer"): [(matters.answer_matter, {**matter, "answer": "已办"})],
        ("matter", "decline"): [(matters.decline_matter, {**matter, "reason": "诉讼中"})],
        ("matter", "list"): [
            (list_matter, {**matter, "topic_id": ids["topic"]}),
            (topics.propose_topic, {**place, **title, "matter_ids": [ids["matter"]]}),
        ],
        ("plan", "add"): [(plans.add_plan_item, {**planned, "topic_id": ids["third"], "quarter": 1, "position": 1})],
        ("plan", "move"): [(plans.move_plan_item, {**planned, "quarter": 2, "position": 1})],
        ("plan", "remove"): [(plans.remove_plan_item, planned)],
        ("plan", "submit"): [(plans.submit_plan, plan)],
        ("plan", "approve"): [(plans.approve_plan, {**plan, **judged, "approving_body": "县委"})],
        ("plan", "return"): [
            (plans.return_plan, {"plan_id": ids["plan"], "expected_revision": None, **judged, "reason": "请补充"})
        ],
        ("plan", "draft"): [(plans.draft_plan, {**place, "year": AHEAD.year})],
        ("topic", "list"): [(topics.list_topic, topic)],
        ("topic", "schedule"): [
            (sessions.schedule_session, {**place, **calendar, "convener": None, "liaison_group_id": None})
        ],
        ("topic", "unschedule"): [(sessions.cancel_session, {**session, "reason": "雨"})],
        ("topic", "deliberate"): [(held.record_session, {**session, **present})],
        ("topic", "implement"): [
            (outcomes.record_outcome, {**topic, **agreed}),
            (outcomes.assign_commitment, task),
        ],
        ("topic", "resolve"): [
            (resolution.resolve_topic, {**topic, **left_open, "summary": "已办", "evidence": EVIDENCE})
        ],
        ("topic", "reopen"): [(topics.reopen_topic, {**topic, "reason": "又漏"})],
        ("topic", "withdraw"): [(withdrawal.withdraw_topic, {**topic, "reason": "重复"})],
        ("session", "hold"): [(held.record_session, {**session, **present})],
        ("session", "cancel"): [(sessions.cancel_session, {**session, "reason": "雨"})],
        ("session", "postpone"): [(moved[0], {**session, "postpone": True})],
        ("session", "reschedule"): [moved],
        ("session", "move"): [(moved[0], {**session, "venue": "院里"})],
        ("commitment", "accept"): [(work.accept_commitment, commitment)],
        ("commitment", "decline"): [(work.decline_commitment, {**commitment, "reason": "职责"})],
        ("commitment", "progress"): [(work.report_progress, {**commitment, "percent": 10, "note": "开工"})],
        ("commitment", "complete"): [(work.complete_commitment, {**commitment, "evidence": EVIDENCE})],
        ("commitment", "verify"): [(verdicts.verify_commitment, {**commitment, "note": None})],
        ("commitment", "dispute"): [(verdicts.dispute_commitment, {**commitment, "reason": "未修"})],
        ("notice", "retry"): [(notices.retry_notice, notice)],
        ("notice", "skip"): [(notices.skip_notice, {**notice, "reason": "重复"})],
        ("notice", "replay"): [(notices.replay_notices, {"department": COURT, "events": [ids["event"]]})],
        **{
            ("receipt", verb): [answer(ids, verb)]
            for verb in ("received", "accepted", "declined", "progress", "completed")
        },
    }


def answer(ids: dict[str, UUID], verb: str) -> Command:
    """Return the taking in of a reply to the notice that told of the commitment."""
    reply = Reply(COURT, str(uuid4()), ids["event"], verb, note="知道了")
    return receipts.take_in, {"actor": reply.sender, "reply": reply}
