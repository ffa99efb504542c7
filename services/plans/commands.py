from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, update
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.lifecycle import advance, check_version
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.plans.enums import PlanStatus
from services.plans.errors import (
    FourEyes,
    NotPlanned,
    PlanEmpty,
    PlanOpen,
    PositionInvalid,
    TopicElsewhere,
    TopicNotOnAgenda,
)
from services.plans.models import AnnualPlan, PlanItem
from services.plans.records import find_plan, is_beneath, items_of, newest_version, version_in_force
from services.plans.rules import LIFECYCLE, PLANNABLE, require_year_not_over
from services.platforms.models import Platform
from services.topics.models import Topic
from services.topics.records import lock_topic, lock_topics
from services.trace.acts import summary_of
from services.trace.record import record


async def draft_plan(act: Act, *, platform_id: UUID, year: int) -> UUID:
    """A version of the platform's plan for the year is a draft.

    It is the first, or a returned one taken up again, or the one after the approved one, with its items. Returns its
    id. Raises NotFound, Forbidden, YearOver, PlanOpen, ConstraintViolated (the year).
    """
    platform = await row_by_id(act.tx, Platform, platform_id, "platform")
    act.actor.require(platform.division_number, *ACTS)
    newest = await newest_version(act.tx, platform.id, year)
    if newest is not None and newest.status is PlanStatus.RETURNED:
        _move(newest, "draft")
        newest.submitted_at = newest.submitted_by = None
        return newest.id
    if newest is not None and newest.status is not PlanStatus.APPROVED:
        raise PlanOpen(newest.year, newest.version, newest.status)
    plan = AnnualPlan(
        platform_id=platform.id,
        division_number=platform.division_number,
        year=year,
        version=newest.version + 1 if newest else 1,
        status=PlanStatus.DRAFT,
        drafted_at=act.now(),
    )
    act.tx.add(plan)
    await act.tx.flush()
    require_year_not_over(year, act.today().year)
    for item in await items_of(act.tx, newest) if newest else []:
        act.tx.add(PlanItem(plan_id=plan.id, topic_id=item.topic_id, position=item.position, quarter=item.quarter))
    return plan.id


async def add_plan_item(  # noqa: PLR0913 -- the facts of an item
    act: Act, *, plan_id: UUID, topic_id: UUID, quarter: int | None, position: int | None, expected_revision: int | None
) -> UUID:
    """The topic stands in the draft, at the position given or else at the end; what stood there moves on.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, TopicElsewhere, TopicNotOnAgenda, PositionInvalid,
    ConstraintViolated (planned already, the quarter).
    """
    plan, role = await _allowed(act, plan_id, *ACTS)
    topic = await lock_topic(act.tx, topic_id)
    await _lock(act.tx, plan, expected_revision)
    _move(plan, "add")
    platform = await act.tx.get_one(Platform, plan.platform_id)
    if not await is_beneath(act.tx, topic.platform_id, platform.id):
        raise TopicElsewhere(topic.number, platform.code)
    if topic.status not in PLANNABLE:
        raise TopicNotOnAgenda(topic.number, topic.status)
    end = len(await items_of(act.tx, plan)) + 1
    place = end if position is None else position
    if not 1 <= place <= end:
        raise PositionInvalid(place, end)
    await _shift(act.tx, plan, place, 1)
    act.tx.add(PlanItem(plan_id=plan.id, topic_id=topic.id, position=place, quarter=quarter))
    await _trace(act, "topic.planned", plan, [topic], role=role)
    return plan.id


async def move_plan_item(  # noqa: PLR0913 -- the facts of an item
    act: Act, *, plan_id: UUID, topic_id: UUID, quarter: int | None, position: int, expected_revision: int | None
) -> UUID:
    """The topic stands at the position and in the quarter given; what stood between has moved along.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, NotPlanned, PositionInvalid, ConstraintViolated (the
    quarter).
    """
    plan, _ = await _allowed(act, plan_id, *ACTS)
    topic = await row_by_id(act.tx, Topic, topic_id, "topic")
    await _lock(act.tx, plan, expected_revision)
    _move(plan, "move")
    items = await items_of(act.tx, plan)
    item = _item_of(items, topic)
    if not 1 <= position <= len(items):
        raise PositionInvalid(position, len(items))
    item.quarter = quarter
    await act.tx.flush()
    first, last = sorted((item.position, position))
    along = -1 if item.position < position else 1
    moved = case((col(PlanItem.id) == item.id, position), else_=col(PlanItem.position) + along)
    await act.tx.execute(
        update(PlanItem)
        .where(col(PlanItem.plan_id) == plan.id, col(PlanItem.position).between(first, last))
        .values(position=moved)
        .execution_options(synchronize_session=False)
    )
    return plan.id


async def remove_plan_item(act: Act, *, plan_id: UUID, topic_id: UUID, expected_revision: int | None) -> UUID:
    """The topic stands in the draft no longer; what followed it has moved up.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, NotPlanned.
    """
    plan, role = await _allowed(act, plan_id, *ACTS)
    topic = await lock_topic(act.tx, topic_id)
    await _lock(act.tx, plan, expected_revision)
    _move(plan, "remove")
    item = _item_of(await items_of(act.tx, plan), topic)
    await act.tx.delete(item)
    await act.tx.flush()
    await _shift(act.tx, plan, item.position, -1)
    await _trace(act, "topic.unplanned", plan, [topic], role=role)
    return plan.id


async def submit_plan(act: Act, *, plan_id: UUID, expected_revision: int | None) -> UUID:
    """The draft waits for approval and does not change meanwhile.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, PlanEmpty.
    """
    plan, _ = await _allowed(act, plan_id, Role.SECRETARIAT)
    await _lock(act.tx, plan, expected_revision)
    if not await items_of(act.tx, plan):
        raise PlanEmpty
    _move(plan, "submit")
    plan.submitted_at = act.now()
    plan.submitted_by = act.actor.subject
    plan.return_reason = None
    return plan.id


async def approve_plan(act: Act, *, plan_id: UUID, approving_body: str, expected_revision: int | None) -> UUID:
    """The version is in force in place of the one before, and frozen; sessions that stand are left as they are.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, FourEyes, ConstraintViolated (the body's name).
    """
    plan, role = await _allowed(act, plan_id, Role.APPROVER)
    topics = await lock_topics(act.tx, [item.topic_id for item in await items_of(act.tx, plan)])
    await _lock(act.tx, plan, expected_revision)
    if act.actor.subject == plan.submitted_by:
        raise FourEyes
    earlier = await version_in_force(act.tx, plan.platform_id, plan.year)
    if earlier is not None:
        earlier.superseded_at = act.now()
        await act.tx.flush()  # two versions are never in force, not even between two statements
    _move(plan, "approve")
    plan.approved_at = act.now()
    plan.approving_body = approving_body
    await _trace(act, "plan.approved", plan, topics, role=role)
    return plan.id


async def return_plan(act: Act, *, plan_id: UUID, reason: str, expected_revision: int | None) -> UUID:
    """The version goes back to its committee, which may take it up again as a draft.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition, ConstraintViolated (the reason).
    """
    plan, _ = await _allowed(act, plan_id, Role.APPROVER)
    await _lock(act.tx, plan, expected_revision)
    _move(plan, "return")
    plan.return_reason = reason
    return plan.id


async def _allowed(act: Act, plan_id: UUID, *roles: Role) -> tuple[AnnualPlan, Role]:
    """Return the plan and the role over its place in which the actor acts. Raises NotFound, Forbidden."""
    plan = await find_plan(act.tx, plan_id)
    return plan, act.actor.require(plan.division_number, *roles)


async def _lock(tx: WriteTx, plan: AnnualPlan, expected_revision: int | None) -> None:
    """Lock the plan, always after topics, for somebody who read it as it is. Raises VersionConflict."""
    await tx.refresh(plan, with_for_update=True)
    check_version(expected_revision, plan.revision, path="expected_revision")


def _item_of(items: Sequence[PlanItem], topic: Topic) -> PlanItem:
    """Return a topic's item among a plan's. Raises NotPlanned."""
    item = next((item for item in items if item.topic_id == topic.id), None)
    if item is None:
        raise NotPlanned(topic.number)
    return item


def _move(plan: AnnualPlan, action: str) -> None:
    """Take the plan one step along its lifecycle and count its revision. Raises IllegalTransition."""
    plan.status = advance(LIFECYCLE, "plan", plan.status, action)
    plan.revision += 1


async def _shift(tx: WriteTx, plan: AnnualPlan, start: int, by: int) -> None:
    """Move the items from a position on."""
    await tx.execute(
        update(PlanItem)
        .where(col(PlanItem.plan_id) == plan.id, col(PlanItem.position) >= start)
        .values(position=col(PlanItem.position) + by)
        .execution_options(synchronize_session=False)
    )


async def _trace(act: Act, entry: str, plan: AnnualPlan, topics: Sequence[Topic], *, role: Role) -> None:
    """Record what was done to the plan in the trace of its topics, in primary-key order as they are locked."""
    platform = await act.tx.get_one(Platform, plan.platform_id)
    facts = {
        "year": plan.year,
        "platform": platform.name,
        "version": plan.version,
        "approving_body": plan.approving_body,
    }
    for topic in sorted(topics, key=lambda one: one.id):
        await record(
            act, role=role, entry=entry, summary=summary_of(entry, facts),
            subject=("annualplan", plan.id), topic_id=topic.id,
        )  # fmt: skip
