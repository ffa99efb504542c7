"""What departments hear that get a part in a topic late, and that lose it with work in hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import DomainError
from services.core.ids import node_id
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.enums import CommitmentStatus
from services.outcomes.involvements import involve_department, release_department
from services.outcomes.resolution import LeftOpen, resolve_topic
from services.outcomes.rules import LIFECYCLE
from services.outcomes.withdrawal import withdraw_topic
from services.sessions.commands import cancel_session, reschedule_session, schedule_session
from services.sessions.enums import SessionForm
from services.topics.commands import reopen_topic
from services.topics.corrections import correct_topic
from services.topics.enums import InvolvementRole
from services.topics.evidence import EvidenceGiven
from tests.world import ACTOR, World

COURT, FORESTRY = "qinshui-court", "qinshui-forestry"
AGREEMENT = "确认承包界址,步道改线两米,林木补植。"
FIRST, SECOND, THIRD = (datetime(2097, 5, day, 1, 0, tzinfo=UTC) for day in (1, 2, 3))
TOLD = """
SELECT event.type, event.data, delivery.sequence, delivery.role FROM delivery
JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE department.code = '{}' ORDER BY delivery.sequence
"""


@dataclass
class Desk:
    """Where commands about the first topic are given, each in a transaction of its own."""

    world: World
    sessions: list[UUID] = field(default_factory=list)

    @property
    def topic(self) -> UUID:
        return self.world.topics[0].id

    async def do(self, command: Callable[..., Awaitable[Any]], **values: Any) -> Any:
        async with self.world.db.write() as tx:
            return await command(Act(tx, ACTOR, SystemClock()), **values)

    async def involve(self, department: str, role: InvolvementRole = InvolvementRole.SUPPORT) -> None:
        await self.do(involve_department, topic_id=self.topic, department=department, role=role)

    async def release(self, department: str, reason: str | None = None) -> None:
        await self.do(release_department, topic_id=self.topic, department=department, reason=reason)

    async def schedule(self, at: datetime, venue: str) -> UUID:
        calendar = {"scheduled_at": at, "venue": venue, "form": SessionForm.ON_SITE}
        place = {"platform_id": self.world.topics[0].platform_id, "topic_ids": [self.topic]}
        found: UUID = await self.do(schedule_session, **calendar, **place, convener=None, liaison_group_id=None)
        return found

    async def agree(self) -> UUID:
        await self.world.run(f"UPDATE topic SET status = 'DELIBERATED' WHERE id = '{self.topic}'")
        facts = {"session_id": None, "reached_on": date(2024, 5, 2), "expected_version": None}
        found: UUID = await self.do(record_outcome, topic_id=self.topic, agreement=AGREEMENT, **facts)
        return found

    async def assign(self, outcome: UUID, department: str, status: str = "ASSIGNED") -> UUID:
        found: UUID = await self.do(
            assign_commitment, outcome_id=outcome, department=department, task="勘界", due_on=None
        )
        await self.world.run(f"UPDATE commitment SET status = '{status}' WHERE id = '{found}'")
        return found

    async def told(self, department: str) -> list[tuple[str, dict[str, Any]]]:
        """Return what a department was told in the order of its lane, which has no gap."""
        rows: list[Any] = await self.world.rows(TOLD.format(department))
        assert [row[2] for row in rows] == [*range(1, len(rows) + 1)]
        return [(type_, data) for type_, data, _, _ in rows]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_department_that_joins_late_hears_of_each_session_to_come_in_the_calendars_order(desk: Desk) -> None:
    later, soon = await desk.schedule(SECOND, "二号"), await desk.schedule(FIRST, "一号")
    gone, postponed = await desk.schedule(THIRD, "三号"), await desk.schedule(THIRD, "四号")
    await desk.do(cancel_session, session_id=gone, reason="降雪")
    await desk.do(reschedule_session, session_id=postponed, postpone=True)
    await desk.involve(COURT, InvolvementRole.LEAD)
    heard = [
        (type_, data.get("session_id"), data.get("venue"), data.get("form"), data.get("postponed"))
        for type_, data in await desk.told(COURT)
    ]
    soon_id, later_id, postponed_id = (node_id("session", one) for one in (soon, later, postponed))
    assert heard == [
        ("topic.listed", None, None, None, None),
        ("topic.scheduled", soon_id, "一号", "ON_SITE", None),
        ("topic.scheduled", later_id, "二号", "ON_SITE", None),
        ("topic.scheduled", postponed_id, "四号", "ON_SITE", None),
        ("topic.rescheduled", postponed_id, "四号", None, True),
    ]
    assert {role for *_, role in await desk.world.rows(TOLD.format(COURT))} == {"LEAD"}


async def test_what_a_late_department_hears_is_told_to_nobody_else_and_done_once_in_the_trace(desk: Desk) -> None:
    await desk.involve(FORESTRY)
    await desk.schedule(FIRST, "一号")
    before = await desk.told(FORESTRY)
    await desk.involve(COURT)
    assert await desk.told(FORESTRY) == before
    acts = await desk.world.rows("SELECT act FROM trace_entry ORDER BY at, id")
    assert [act for (act,) in acts] == ["topic.involved", "topic.scheduled", "topic.involved"]


async def test_agreement_is_told_to_the_departments_of_the_topic_and_to_one_that_joins_later(desk: Desk) -> None:
    await desk.involve(COURT)
    outcome = node_id("outcome", await desk.agree())
    await desk.involve(FORESTRY)
    own = {"outcome_id": outcome, "session_id": None, "agreement": AGREEMENT, "reached_on": "2024-05-02"}
    for department in (COURT, FORESTRY):
        type_, data = (await desk.told(department))[-1]
        assert (type_, {key: value for key, value in data.items() if key != "topic"}) == ("outcome.recorded", own)


async def test_commitment_is_assigned_with_the_agreement_that_it_comes_from(desk: Desk) -> None:
    outcome = await desk.agree()
    await desk.assign(outcome, COURT)
    ((type_, data),) = await desk.told(COURT)
    assert (type_, data["agreement"], data["outcome_id"], data["task"]) == (
        "commitment.assigned", AGREEMENT, node_id("outcome", outcome), "勘界"
    )  # fmt: skip


OPEN = {str(state) for state, action in LIFECYCLE if action == "withdraw"}


@pytest.mark.parametrize("status", CommitmentStatus)
async def test_released_department_is_left_with_nothing_to_do_and_told_so(desk: Desk, status: str) -> None:
    await desk.involve(COURT)
    await desk.involve(FORESTRY)
    outcome = await desk.agree()
    own = await desk.assign(outcome, COURT, status)
    others = await desk.assign(outcome, FORESTRY, status)
    before = len(await desk.told(COURT))
    await desk.release(COURT, "改由林业部门主办")
    rows = await desk.world.rows("SELECT id::text, status FROM commitment")
    found = {str(key): str(now) for key, now in rows}
    assert found == {str(own): "WITHDRAWN" if status in OPEN else status, str(others): status}
    heard = [
        (type_, data.get("commitment_id"), data.get("reason")) for type_, data in (await desk.told(COURT))[before:]
    ]
    withdrawn = ("commitment.withdrawn", node_id("commitment", own), "改由林业部门主办")
    assert heard == [*([withdrawn] if status in OPEN else []), ("topic.released", None, None)]
    acts = "SELECT act FROM trace_entry WHERE act LIKE '%.withdrawn' OR act = 'topic.released' ORDER BY at, id"
    assert [act for (act,) in await desk.world.rows(acts)] == [type_ for type_, *_ in heard]


async def test_release_that_is_refused_leaves_the_work_where_it_is(desk: Desk) -> None:
    outcome = await desk.agree()
    await desk.assign(outcome, COURT, "IN_PROGRESS")
    with pytest.raises(DomainError) as refused:
        await desk.release(COURT)
    assert refused.value.code == "NOT_INVOLVED"
    assert await desk.world.rows("SELECT status FROM commitment") == [("IN_PROGRESS",)]
    assert [type_ for type_, _ in await desk.told(COURT)] == ["commitment.assigned"]


async def test_released_department_that_comes_back_is_given_new_work(desk: Desk) -> None:
    await desk.involve(COURT)
    outcome = await desk.agree()
    await desk.assign(outcome, COURT)
    await desk.release(COURT)
    await desk.involve(COURT, InvolvementRole.LEAD)
    await desk.assign(outcome, COURT)
    assert [type_ for type_, _ in await desk.told(COURT)] == [
        *("topic.listed", "outcome.recorded", "commitment.assigned", "commitment.withdrawn", "topic.released"),
        *("topic.listed", "outcome.recorded", "commitment.assigned"),
    ]
    assert await desk.world.rows("SELECT status FROM commitment ORDER BY id") == [("WITHDRAWN",), ("ASSIGNED",)]


async def _resolve(desk: Desk) -> None:
    evidence = [EvidenceGiven(url="https://example.org/pile.jpg", sha256=None, note=None)]
    key = await desk.world.rows("SELECT id FROM commitment WHERE status NOT IN ('DONE', 'VERIFIED', 'WITHDRAWN')")
    left = [LeftOpen(commitment, "排期在下月") for (commitment,) in key if isinstance(commitment, UUID)]
    facts = {"summary": "界桩已立", "evidence": evidence, "expected_version": None, "left_open": left}
    await desk.do(resolve_topic, topic_id=desk.topic, **facts)


async def test_department_with_a_commitment_alone_hears_what_becomes_of_the_topic(desk: Desk) -> None:
    outcome = await desk.agree()
    await desk.assign(outcome, COURT, "DONE")
    session = await desk.schedule(FIRST, "一号")
    await desk.do(reschedule_session, session_id=session, venue="二号")
    await desk.do(cancel_session, session_id=session, reason="降雪")
    facts = {"summary": None, "category": None, "expected_version": None}
    await desk.do(correct_topic, topic_id=desk.topic, title="林地界址", reason="误记", **facts)
    await _resolve(desk)
    await desk.do(reopen_topic, topic_id=desk.topic, reason="界桩倒伏", expected_version=None)
    assert [type_ for type_, _ in await desk.told(COURT)] == [
        *("commitment.assigned", "topic.scheduled", "topic.rescheduled", "topic.cancelled", "topic.corrected"),
        *("topic.resolved", "topic.reopened"),
    ]
    assert {role for *_, role in await desk.world.rows(TOLD.format(COURT))} == {None}
    assert await desk.told(FORESTRY) == []


async def test_department_with_a_commitment_alone_hears_that_the_topic_is_withdrawn(desk: Desk) -> None:
    outcome = await desk.agree()
    await desk.assign(outcome, COURT)
    await desk.schedule(FIRST, "一号")
    await desk.do(withdraw_topic, topic_id=desk.topic, reason="另行处理", expected_version=None)
    assert [type_ for type_, _ in await desk.told(COURT)] == [
        *("commitment.assigned", "topic.scheduled", "topic.cancelled", "commitment.withdrawn", "topic.withdrawn"),
    ]


@pytest.mark.parametrize("status", CommitmentStatus)
async def test_department_that_left_hears_of_the_topic_while_it_has_something_to_do(desk: Desk, status: str) -> None:
    await desk.involve(COURT)
    outcome = await desk.agree()
    await desk.assign(outcome, COURT, "DONE")
    await desk.release(COURT)
    before = len(await desk.told(COURT))
    await desk.world.run(f"UPDATE commitment SET status = '{status}'")
    await _resolve(desk)
    heard = [type_ for type_, _ in (await desk.told(COURT))[before:]]
    assert heard == (["topic.resolved"] if status in OPEN else [])


@pytest.mark.parametrize("status", CommitmentStatus)
async def test_department_hears_of_the_topic_unless_it_declined_or_its_commitment_was_withdrawn(
    desk: Desk, status: str
) -> None:
    await desk.assign(await desk.agree(), COURT, status)
    await _resolve(desk)
    heard = [type_ for type_, _ in (await desk.told(COURT))[1:]]
    assert heard == ([] if status in {"DECLINED", "WITHDRAWN"} else ["topic.resolved"])


async def test_department_with_a_part_and_commitments_is_told_once(desk: Desk) -> None:
    await desk.involve(COURT)
    outcome = await desk.agree()
    for _ in range(2):
        await desk.assign(outcome, COURT, "DONE")
        await desk.assign(outcome, FORESTRY, "DONE")
    await _resolve(desk)
    for department in (COURT, FORESTRY):
        assert [type_ for type_, _ in await desk.told(department)].count("topic.resolved") == 1
