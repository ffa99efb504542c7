"""Every action of every lifecycle, by its commands, in every state that refuses it: it leaves no trace of any kind."""

from collections.abc import AsyncIterator, Iterable
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from services.core.database import Database
from services.core.errors import DomainError
from services.matters import rules as matters
from services.matters.enums import MatterStatus
from services.migrations.tables import REFUSALS
from services.notices import rules as notices
from services.notices.enums import NoticeStatus, ReceiptStatus
from services.outcomes import rules as outcomes
from services.outcomes.enums import CommitmentStatus
from services.plans import rules as plans
from services.plans.enums import PlanStatus
from services.sessions import rules as sessions
from services.sessions.enums import SessionStatus
from services.topics import rules as topics
from services.topics.enums import TopicStatus
from tests import servers
from tests.conftest import fresh_name, template
from tests.integration.lifecycles.scene import STATES, Scene, acts, answer
from tests.world import build

NOTHING = "NONE"
"""The state of a notice that nothing was answered to."""
ANSWERS = {(str(state or NOTHING), verb) for state, verb in notices.REPLIES}
ALLOWED: dict[str, tuple[Iterable[str], set[tuple[str, str]]]] = {
    "matter": (MatterStatus, set(matters.LIFECYCLE)),
    "plan": (PlanStatus, {*plans.LIFECYCLE, (PlanStatus.APPROVED, "draft")}),
    "topic": (
        TopicStatus,
        {*topics.LIFECYCLE, (TopicStatus.WITHDRAWN, "unschedule"), (TopicStatus.WITHDRAWN, "deliberate")},
    ),
    "session": (SessionStatus, set(sessions.LIFECYCLE)),
    "commitment": (CommitmentStatus, set(outcomes.LIFECYCLE)),
    "notice": (NoticeStatus, set(notices.LIFECYCLE)),
    "receipt": ((NOTHING, *ReceiptStatus), ANSWERS),
}
"""The states of each lifecycle and the steps that are taken: those of its table; an approved plan's next version is
another plan, and a session goes on without the topics that were withdrawn."""
CODES = {"ILLEGAL_TRANSITION", "PLAN_OPEN", "REPLY_REFUSED"}
KEYS = ("topic", "other", "third", "matter", "platform", "session", "outcome", "commitment", "notice", "event", "plan")


@pytest.fixture(scope="module")
async def scene() -> AsyncIterator[Scene]:
    """A scene that all tests of the module share: none of them changes more than the states that it starts from."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await Database.open(url, refusals=REFUSALS, read_connections=1)
    connection = await asyncpg.connect(url)
    yield await set_up(db, url, connection)
    await connection.close()
    await db.close()
    await servers.drop_databases(name)


async def set_up(db: Database, url: str, connection: asyncpg.Connection) -> Scene:
    """Write what acts need."""
    world = await build(db, url)
    topic, other, third = (one.id for one in world.topics)
    ids = {"topic": topic, "other": other, "third": third, "platform": world.topics[0].platform_id}
    ids["matter"] = await world.raise_matter()
    scene = Scene(world, connection, ids)
    known = {**dict.fromkeys(KEYS, UUID(int=0)), **ids}
    commands = acts(known)
    (schedule,), (draft,), (add,) = commands["topic", "schedule"], commands["plan", "draft"], commands["plan", "add"]
    agree, assign = commands["topic", "implement"]
    ids["session"] = await scene.run(schedule)
    ids["plan"] = await scene.run(draft)
    await scene.run((add[0], {**add[1], "plan_id": ids["plan"], "topic_id": other}))
    await world.run(f"UPDATE topic SET status = 'DELIBERATED' WHERE id = '{topic}'")
    ids["outcome"] = await scene.run(agree)
    ids["commitment"] = await scene.run((assign[0], {**assign[1], "outcome_id": ids["outcome"]}))
    ((ids["notice"], ids["event"]),) = await world.rows("SELECT id, event_id FROM delivery")  # type: ignore[assignment]
    return scene


REFUSED = [
    pytest.param(kind, state, action, id=f"{kind}-{state}-{action}")
    for kind, action in sorted(acts(dict.fromkeys(KEYS, UUID(int=0))))
    for state in ALLOWED[kind][0]
    if (state, action) not in ALLOWED[kind][1]
]


@pytest.mark.parametrize(("kind", "state", "action"), REFUSED)
async def test_act_that_the_state_refuses_changes_nothing(scene: Scene, kind: str, state: str, action: str) -> None:
    await scene.put(kind, state)
    before = await scene.everything()
    for command in acts(scene.ids)[kind, action]:
        with pytest.raises(DomainError) as refused:
            await scene.run(command)
        assert refused.value.code in CODES
        assert await scene.everything() == before


MOVED = {
    "accepted": {"ASSIGNED"},
    "declined": {"ASSIGNED"},
    "progress": {"ACCEPTED", "IN_PROGRESS", "DISPUTED"},
    "completed": {"ACCEPTED", "IN_PROGRESS"},
}
"""Verb → the commitments that it moves."""
MOVED_ALREADY = {
    "accepted": {"ACCEPTED", "IN_PROGRESS", "DONE", "VERIFIED", "DISPUTED"},
    "declined": {"DECLINED"},
    "progress": {"DONE", "VERIFIED"},
    "completed": {"DONE", "VERIFIED"},
}
"""Verb → the commitments that have the step behind them."""
FIRST, UNDER_WAY = {"RECEIVED"}, {"ACCEPTED", "IN_PROGRESS"}
ANSWERED_BEFORE: dict[str, dict[str, set[str]]] = {
    "moved": {"accepted": FIRST, "declined": FIRST, "progress": {*ReceiptStatus}, "completed": {*ReceiptStatus}},
    "moved already": {"accepted": FIRST, "declined": FIRST, "progress": UNDER_WAY, "completed": UNDER_WAY},
}
"""Verb → the receipts that it may follow, where it moves the commitment and where another did."""
BECOMES = dict(zip(MOVED, ("ACCEPTED", "DECLINED", "IN_PROGRESS", "COMPLETED"), strict=True))
COMMITTED = """SELECT commitment.status, receipt, (SELECT count(*) FROM trace_entry) FROM commitment
JOIN delivery ON delivery.id = '{notice}'"""


@pytest.mark.parametrize(
    ("state", "receipt", "verb"), list(product(CommitmentStatus, (NOTHING, *ReceiptStatus), outcomes.ACTIONS))
)
async def test_reply_moves_the_commitment_and_its_receipt_or_the_receipt_of_one_that_is_there_already_or_nothing(
    scene: Scene, state: CommitmentStatus, receipt: str, verb: str
) -> None:
    await scene.put("commitment", state)
    await scene.world.run(STATES["receipt"].format(state=receipt, **scene.ids))
    before, reply = await scene.everything(), answer(scene.ids, verb)
    ((_, _, entries),) = await scene.world.rows(COMMITTED.format(**scene.ids))
    how = "moved" if state in MOVED[verb] else "moved already" if state in MOVED_ALREADY[verb] else None
    if how is None or receipt not in ANSWERED_BEFORE[how][verb]:
        with pytest.raises(DomainError) as refused:
            await scene.run(reply)
        assert refused.value.code in {"ILLEGAL_TRANSITION", "REPLY_REFUSED"}
        assert await scene.everything() == before
        return
    assert await scene.run(reply)
    moved = outcomes.LIFECYCLE[state, outcomes.ACTIONS[verb]] if how == "moved" else state
    assert await scene.world.rows(COMMITTED.format(**scene.ids)) == [(moved, BECOMES[verb], int(str(entries)) + 1)]


def test_every_action_of_every_lifecycle_has_its_commands() -> None:
    tables = {"matter": matters, "plan": plans, "topic": topics, "session": sessions, "commitment": outcomes}
    actions = {(kind, action) for kind, rules in tables.items() for _, action in rules.LIFECYCLE}
    actions |= {("notice", action) for _, action in notices.LIFECYCLE}
    actions |= {("receipt", verb) for _, verb in notices.REPLIES}
    # What is given back or taken back is so by what happens to its topic, whatever else that topic was made of.
    followed = {("matter", "give back"), ("commitment", "withdraw")}
    assert set(acts(dict.fromkeys(KEYS, UUID(int=0)))) == actions - followed
