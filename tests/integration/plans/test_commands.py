"""Plans by their commands, on a county with a general platform and two beneath it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.core.errors import ConstraintViolated, DomainError, IllegalTransition, VersionConflict
from services.divisions.enums import DivisionLevel
from services.divisions.models import Division
from services.plans import commands as plans
from services.plans.enums import PlanStatus
from services.plans.errors import (
    FourEyes,
    NotPlanned,
    PlanEmpty,
    PlanNotApproved,
    PlanOpen,
    PositionInvalid,
    TopicElsewhere,
    TopicNotOnAgenda,
)
from services.platforms.enums import PlatformKind, PlatformTier
from services.platforms.models import Platform
from services.sessions.commands import reschedule_session, schedule_session
from services.sessions.enums import SessionForm
from services.topics.enums import Category, TopicKind, TopicStatus
from services.topics.models import Topic
from tests.servers import as_owner
from tests.world import ACTOR, APPROVER, NOW, World

YEAR = 2097
IN_YEAR = datetime(YEAR, 5, 1, 1, 0, tzinfo=UTC)
NEW_YEAR = datetime(YEAR, 12, 31, 16, 0, tzinfo=UTC)
"""The first instant of the next year in China."""
BOTH = Actor("both", (Grant(Role.SECRETARIAT, "14"), Grant(Role.APPROVER, "14")))
EVERYTHING = """
SELECT (SELECT json_agg(plan ORDER BY id)::text FROM annual_plan AS plan),
       (SELECT json_agg(item ORDER BY id)::text FROM plan_item AS item),
       (SELECT json_agg(topic ORDER BY id)::text FROM topic), (SELECT count(*) FROM session),
       (SELECT count(*) FROM event), (SELECT count(*) FROM trace_entry)
"""


class Desk:
    """Where commands are given, each in a transaction of its own."""

    def __init__(self, world: World, general: Platform, sub: Platform, topics: list[Topic]) -> None:
        self.world = world
        self.general = general
        self.sub = sub
        self.topics = topics

    async def do(self, command: Any, *, actor: Actor = ACTOR, **values: Any) -> Any:
        async with self.world.db.write() as tx:
            return await command(Act(tx, actor, SystemClock()), **values)

    async def draft(self, platform: Platform | None = None, year: int = YEAR) -> UUID:
        plan: UUID = await self.do(plans.draft_plan, platform_id=(platform or self.general).id, year=year)
        return plan

    async def add(self, plan: UUID, topic: Topic, *, quarter: int | None = None, position: int | None = None) -> None:
        await self.do(
            plans.add_plan_item, plan_id=plan, topic_id=topic.id, quarter=quarter, position=position,
            expected_revision=None,
        )  # fmt: skip

    async def move(self, plan: UUID, topic: Topic, position: int, *, quarter: int | None = None) -> None:
        await self.do(
            plans.move_plan_item, plan_id=plan, topic_id=topic.id, quarter=quarter, position=position,
            expected_revision=None,
        )  # fmt: skip

    async def remove(self, plan: UUID, topic: Topic) -> None:
        await self.do(plans.remove_plan_item, plan_id=plan, topic_id=topic.id, expected_revision=None)

    async def submit(self, plan: UUID, *, actor: Actor = ACTOR) -> None:
        await self.do(plans.submit_plan, actor=actor, plan_id=plan, expected_revision=None)

    async def approve(self, plan: UUID, *, actor: Actor = APPROVER, body: str = "中共沁水县委员会") -> None:
        await self.do(plans.approve_plan, actor=actor, plan_id=plan, approving_body=body, expected_revision=None)

    async def give_back(self, plan: UUID) -> None:
        await self.do(plans.return_plan, actor=APPROVER, plan_id=plan, reason="再议", expected_revision=None)

    async def schedule(self, *topics: Topic, at: datetime = IN_YEAR) -> UUID:
        session: UUID = await self.do(
            schedule_session, platform_id=self.general.id, topic_ids=[topic.id for topic in topics], scheduled_at=at,
            venue="议事厅", form=SessionForm.ON_SITE, convener=None, liaison_group_id=None,
        )  # fmt: skip
        return session

    async def reschedule(self, session: UUID, at: datetime | None) -> None:
        await self.do(reschedule_session, session_id=session, scheduled_at=at, postpone=at is None)

    async def everything(self) -> list[tuple[object, ...]]:
        return await self.world.rows(EVERYTHING)

    async def plan(self, key: UUID) -> tuple[object, ...]:
        (row,) = await self.world.rows(
            f"SELECT status, version, revision, superseded_at IS NULL FROM annual_plan WHERE id = '{key}'"
        )
        return row

    async def items(self, key: UUID) -> list[tuple[object, ...]]:
        return await self.world.rows(
            "SELECT number, position, quarter FROM plan_item JOIN topic ON topic.id = topic_id "
            f"WHERE plan_id = '{key}' ORDER BY position"
        )


def topic_of(platform: Platform, number: int, kind: TopicKind = TopicKind.KEY) -> Topic:
    return Topic(
        number=f"T140521-2024-{number}", title="林地", kind=kind, category=Category.OTHER, status=TopicStatus.LISTED,
        platform_id=platform.id, division_number=platform.division_number, proposed_at=NOW, listed_at=NOW,
    )  # fmt: skip


@pytest.fixture
async def desk(world: World) -> Desk:
    async with as_owner(world.db) as tx:
        general = await tx.get_one(Platform, world.topics[0].platform_id)
        town = Division(
            number=140521201000, upper=140521202000, code="140521201", name="土沃乡", level=DivisionLevel.TOWNSHIP,
            parent_number=140521000000,
        )  # fmt: skip
        tx.add(town)
        await tx.flush()
        sub, other = (
            Platform(
                code=f"P140521-{number:02d}",
                name="分平台",
                tier=PlatformTier.SUB,
                kind=PlatformKind.TOWNSHIP,
                division_number=town.number,
                parent_id=general.id,
            )
            for number in (8, 9)
        )
        tx.add_all([sub, other])
        await tx.flush()
        topics = [topic_of(general, 9001), topic_of(sub, 9002), topic_of(other, 9003)]
        topics.append(topic_of(sub, 9004, TopicKind.MICRO))
        tx.add_all(topics)
    return Desk(world, general, sub, topics)


async def test_items_stand_in_order_and_move_up(desk: Desk) -> None:
    plan = await desk.draft()
    first, second, third, fourth = desk.topics
    await desk.add(plan, first, quarter=1)
    await desk.add(plan, second)
    await desk.add(plan, third, quarter=4, position=1)
    await desk.add(plan, fourth, position=2)
    numbers = [topic.number for topic in (third, fourth, first, second)]
    quarters = [4, None, 1, None]
    assert await desk.items(plan) == list(zip(numbers, (1, 2, 3, 4), quarters, strict=True))
    await desk.remove(plan, fourth)
    assert [row[:2] for row in await desk.items(plan)] == [(numbers[0], 1), (numbers[2], 2), (numbers[3], 3)]
    assert await desk.plan(plan) == ("DRAFT", 1, 6, True)


@pytest.mark.parametrize(
    ("topic", "position", "order"),
    [(0, 4, (1, 2, 3, 0)), (3, 1, (3, 0, 1, 2)), (1, 3, (0, 2, 1, 3)), (2, 2, (0, 2, 1, 3)), (1, 2, (0, 1, 2, 3))],
)
async def test_item_moves_and_what_stood_between_moves_along(
    desk: Desk, topic: int, position: int, order: tuple[int, ...]
) -> None:
    plan = await desk.draft()
    for each in desk.topics:
        await desk.add(plan, each, quarter=1)
    traced = await desk.world.rows("SELECT count(*) FROM trace_entry")
    await desk.move(plan, desk.topics[topic], position, quarter=3)
    expected = [(desk.topics[one].number, place, 3 if one == topic else 1) for place, one in enumerate(order, 1)]
    assert await desk.items(plan) == expected
    assert await desk.plan(plan) == ("DRAFT", 1, 6, True)
    assert await desk.world.rows("SELECT count(*) FROM trace_entry") == traced


async def test_item_moves_to_no_place_that_a_plan_does_not_have(desk: Desk) -> None:
    plan = await desk.draft()
    await desk.add(plan, desk.topics[0])
    before = await desk.everything()
    for position in (0, 2):
        with pytest.raises(PositionInvalid) as refused:
            await desk.move(plan, desk.topics[0], position)
        assert refused.value.parameters == {"position": position, "last": 1}
    with pytest.raises(NotPlanned):
        await desk.move(plan, desk.topics[1], 1)
    with pytest.raises(ConstraintViolated):
        await desk.move(plan, desk.topics[0], 1, quarter=5)
    assert await desk.everything() == before


async def test_approved_version_is_in_force_until_the_next_one_is(desk: Desk) -> None:
    first = await desk.world.plan(desk.general.id, YEAR, desk.topics[0].id)
    second = await desk.draft()
    assert await desk.items(second) == await desk.items(first)
    await desk.add(second, desk.topics[1])
    assert [await desk.plan(key) for key in (first, second)] == [("APPROVED", 1, 4, True), ("DRAFT", 2, 2, True)]
    with pytest.raises(PlanNotApproved):
        await desk.schedule(desk.topics[1])
    await desk.submit(second)
    await desk.approve(second)
    assert [await desk.plan(key) for key in (first, second)] == [("APPROVED", 1, 4, False), ("APPROVED", 2, 4, True)]
    await desk.schedule(desk.topics[0], desk.topics[1])


async def test_returned_version_is_taken_up_again_and_its_reason_stays_until_it_is_submitted(desk: Desk) -> None:
    plan = await desk.draft()
    await desk.add(plan, desk.topics[0])
    await desk.submit(plan)
    await desk.give_back(plan)
    assert await desk.draft() == plan
    question = f"SELECT status, return_reason, submitted_by FROM annual_plan WHERE id = '{plan}'"
    assert await desk.world.rows(question) == [("DRAFT", "再议", None)]
    await desk.submit(plan)
    assert await desk.world.rows(question) == [("SUBMITTED", None, ACTOR.subject)]
    await desk.approve(plan)
    assert await desk.plan(plan) == ("APPROVED", 1, 7, True)


ACTS: dict[str, Callable[[Desk, UUID], Any]] = {
    "add": lambda desk, plan: desk.add(plan, desk.topics[1]),
    "move": lambda desk, plan: desk.move(plan, desk.topics[0], 1, quarter=2),
    "remove": lambda desk, plan: desk.remove(plan, desk.topics[0]),
    "submit": lambda desk, plan: desk.submit(plan),
    "approve": lambda desk, plan: desk.approve(plan),
    "return": lambda desk, plan: desk.give_back(plan),
}
STEPS = {
    *(("DRAFT", act) for act in ("add", "move", "remove", "submit")),
    *(("SUBMITTED", act) for act in ("approve", "return")),
}


async def brought_to(desk: Desk, status: PlanStatus) -> UUID:
    plan = await desk.draft()
    await desk.add(plan, desk.topics[0])
    if status is not PlanStatus.DRAFT:
        await desk.submit(plan)
    if status is PlanStatus.APPROVED:
        await desk.approve(plan)
    if status is PlanStatus.RETURNED:
        await desk.give_back(plan)
    return plan


@pytest.mark.parametrize(("status", "act"), list(product(PlanStatus, ACTS)))
async def test_act_that_the_state_does_not_allow_changes_nothing(desk: Desk, status: PlanStatus, act: str) -> None:
    plan = await brought_to(desk, status)
    before = await desk.everything()
    if (status.value, act) in STEPS:
        await ACTS[act](desk, plan)
        assert await desk.everything() != before
        return
    with pytest.raises(IllegalTransition):
        await ACTS[act](desk, plan)
    assert await desk.everything() == before


@pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.SUBMITTED])
async def test_one_version_is_open_at_a_time(desk: Desk, status: PlanStatus) -> None:
    await brought_to(desk, status)
    before = await desk.everything()
    with pytest.raises(PlanOpen) as refused:
        await desk.draft()
    assert refused.value.parameters == {"year": YEAR, "version": 1, "status": status}
    assert await desk.everything() == before


async def test_two_drafts_at_the_same_time_leave_one(desk: Desk) -> None:
    results = await asyncio.gather(*(desk.draft() for _ in range(4)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [error.code for error in refused] == ["PLAN_OPEN"] * 3
    assert await desk.world.rows("SELECT status, version FROM annual_plan") == [("DRAFT", 1)]


async def test_whoever_submitted_may_not_approve(desk: Desk) -> None:
    plan = await desk.draft()
    await desk.add(plan, desk.topics[0])
    await desk.submit(plan, actor=BOTH)
    before = await desk.everything()
    with pytest.raises(FourEyes):
        await desk.approve(plan, actor=BOTH)
    assert await desk.everything() == before
    await desk.approve(plan)


async def test_what_a_plan_may_not_have(desk: Desk) -> None:
    await desk.world.run("UPDATE topic SET status = 'PROPOSED', listed_at = NULL WHERE number = 'T140521-2024-9004'")
    plan = await desk.draft(desk.sub)
    before = await desk.everything()
    with pytest.raises(PlanEmpty):
        await desk.submit(plan)
    for elsewhere in (desk.topics[0], desk.topics[2]):
        with pytest.raises(TopicElsewhere):
            await desk.add(plan, elsewhere)
    with pytest.raises(TopicNotOnAgenda):
        await desk.add(plan, desk.topics[3])
    assert await desk.everything() == before


async def test_change_of_what_was_not_read_is_refused(desk: Desk) -> None:
    plan = await desk.draft()
    await desk.add(plan, desk.topics[0])
    with pytest.raises(VersionConflict):
        await desk.do(plans.submit_plan, plan_id=plan, expected_revision=1)
    await desk.do(plans.submit_plan, plan_id=plan, expected_revision=2)


FROZEN = (
    "INSERT INTO plan_item (id, plan_id, topic_id, position) SELECT gen_random_uuid(), '{plan}', '{other}', 2",
    "DELETE FROM plan_item WHERE plan_id = '{plan}'",
    "UPDATE plan_item SET quarter = 2 WHERE plan_id = '{plan}'",
    "UPDATE plan_item SET plan_id = '{draft}' WHERE plan_id = '{plan}'",
    "UPDATE annual_plan SET approving_body = '别处' WHERE id = '{plan}'",
    (
        "UPDATE annual_plan SET status = 'RETURNED', approved_at = NULL, approving_body = NULL, return_reason = '补充' "
        "WHERE id = '{plan}'"
    ),
)


@pytest.mark.parametrize("statement", FROZEN)
async def test_database_holds_an_approved_version_frozen_too(desk: Desk, statement: str) -> None:
    plan = await desk.world.plan(desk.general.id, YEAR, desk.topics[0].id)
    draft = await desk.draft(year=YEAR + 1)
    before = await desk.everything()
    with pytest.raises(ConstraintViolated) as refused:
        await desk.world.run(statement.format(plan=plan, draft=draft, other=desk.topics[1].id))
    assert refused.value.code == "PLAN_FROZEN"
    assert await desk.everything() == before


async def test_key_topic_needs_an_approved_plan_of_its_platform_or_one_above(desk: Desk) -> None:
    general, beneath, other, micro = desk.topics
    before = await desk.everything()
    with pytest.raises(PlanNotApproved) as refused:
        await desk.schedule(general, beneath, micro)
    assert refused.value.parameters == {"numbers": [general.number, beneath.number], "year": YEAR}
    assert refused.value.path == ("topics",)
    assert await desk.everything() == before
    await desk.schedule(micro)
    await desk.world.plan(desk.sub.id, YEAR, beneath.id)
    await desk.schedule(beneath)
    plan = await desk.draft()
    await desk.add(plan, other)
    await desk.add(plan, general)
    await desk.submit(plan)
    with pytest.raises(PlanNotApproved):
        await desk.schedule(general)
    await desk.approve(plan)
    await desk.schedule(general, other)


async def test_version_that_drops_a_topic_stops_its_next_session(desk: Desk) -> None:
    topic, another = desk.topics[:2]
    await desk.world.plan(desk.general.id, YEAR, topic.id, another.id)
    session = await desk.schedule(topic)
    plan = await desk.draft()
    await desk.remove(plan, topic)
    await desk.submit(plan)
    await desk.schedule(topic)
    await desk.approve(plan)
    with pytest.raises(PlanNotApproved):
        await desk.schedule(topic)
    await desk.reschedule(session, datetime(YEAR, 6, 1, tzinfo=UTC))


async def test_session_moves_into_another_year_only_with_a_plan_for_that(desk: Desk) -> None:
    topic = desk.topics[0]
    await desk.world.plan(desk.general.id, YEAR, topic.id)
    session = await desk.schedule(topic)
    before = await desk.everything()
    with pytest.raises(PlanNotApproved) as refused:
        await desk.reschedule(session, NEW_YEAR)
    assert refused.value.parameters == {"numbers": [topic.number], "year": YEAR + 1}
    assert refused.value.path == ("scheduled_at",)
    assert await desk.everything() == before
    await desk.reschedule(session, None)
    with pytest.raises(PlanNotApproved):
        await desk.reschedule(session, NEW_YEAR)
    await desk.world.plan(desk.general.id, YEAR + 1, topic.id)
    await desk.reschedule(session, NEW_YEAR)


async def test_acts_on_a_plan_stand_in_the_trace_of_its_topics(desk: Desk) -> None:
    plan = await desk.draft()
    for topic in desk.topics[:2]:
        await desk.add(plan, topic)
    await desk.remove(plan, desk.topics[1])
    await desk.submit(plan)
    await desk.approve(plan)
    told = await desk.world.rows(
        "SELECT number, act, actor_role, entry.summary FROM trace_entry AS entry "
        "JOIN trace_chain AS chain ON chain.id = chain_id JOIN topic ON topic.id = topic_id "
        f"WHERE subject_kind = 'annualplan' AND subject_id = '{plan}' ORDER BY number, sequence"
    )
    first, second = (topic.number for topic in desk.topics[:2])
    name = "沁水县协商平台"
    assert told == [
        (first, "topic.planned", "SECRETARIAT", f"列入2097年度协商计划({name},第1版)"),
        (first, "plan.approved", "APPROVER", f"2097年度协商计划({name},第1版)获批准:中共沁水县委员会"),
        (second, "topic.planned", "SECRETARIAT", f"列入2097年度协商计划({name},第1版)"),
        (second, "topic.unplanned", "SECRETARIAT", f"移出2097年度协商计划({name},第1版)"),
    ]
