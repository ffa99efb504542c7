import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import SystemClock, china_day
from services.core.ids import new_id
from services.outcomes.commands import assign_commitment
from services.outcomes.conversions import Submitted, convert_opinion, convert_outcome
from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.outcomes.followups import Answered, Asked, record_follow_up
from services.outcomes.resolution import LeftOpen, resolve_topic
from services.outcomes.verdicts import dispute_commitment, verify_commitment
from services.outcomes.withdrawal import withdraw_topic
from services.outcomes.work import accept_commitment, complete_commitment, report_progress
from services.platforms.enums import PlatformTier
from services.sessions.enums import ParticipantRole, SessionStatus
from services.sessions.held import Voiced, add_opinion
from services.tallies.models import COUNTERS
from services.topics.commands import list_topic, propose_topic, reopen_topic
from services.topics.enums import Category, TopicKind, TopicStatus
from services.topics.evidence import EvidenceGiven
from tests.consultation import agreed
from tests.integration.tallies.naive import (
    Connection,
    due_tallies,
    platform_tallies,
    resolution_tallies,
    rows_of,
    tallies,
    without_zeros,
)
from tests.world import ACTOR, NOW, World

DIVISIONS = (14 * 10**10, 140521 * 10**6, 140521201 * 10**3, 140521201001, 140106 * 10**6)
SERIAL = count(1)
NEW_YEAR = datetime(2022, 12, 31, 16, tzinfo=UTC)
NEW_YEAR_DAY = date(2023, 1, 1)
"""In China."""

INSTANTS = st.sampled_from([-86400, -1, 0, 1, 86400 * 365 - 1, 86400 * 365]).map(
    lambda seconds: NEW_YEAR + timedelta(seconds=seconds)
)
RESOLUTIONS = st.sampled_from([0, 3600, 86400]).map(lambda seconds: NOW + timedelta(seconds=seconds))
DAYS = st.sampled_from([date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31)])
PLACES = st.sampled_from(DIVISIONS)


@st.composite
def topics(draw: st.DrawFn) -> dict[str, Any]:
    status = draw(st.sampled_from(TopicStatus))
    may_be_unlisted = status in {TopicStatus.PROPOSED, TopicStatus.WITHDRAWN}
    return {
        "status": status.value,
        "kind": draw(st.sampled_from(TopicKind)).value,
        "category": draw(st.sampled_from(Category)).value,
        "listed_at": draw(st.none() | INSTANTS if may_be_unlisted else INSTANTS),
        "resolved_at": draw(RESOLUTIONS) if status is TopicStatus.RESOLVED else None,
        "withdrawn_at": NOW if status is TopicStatus.WITHDRAWN else None,
        "division_number": draw(PLACES),
    }


@st.composite
def sessions(draw: st.DrawFn) -> dict[str, Any]:
    status = draw(st.sampled_from(SessionStatus))
    headcount = draw(st.none() | st.integers(0, 50))
    return {
        "status": status.value,
        "held_at": draw(INSTANTS) if status is SessionStatus.HELD else None,
        "headcount": headcount,
        "headcount_is_lower_bound": headcount is not None and draw(st.booleans()),
        "division_number": draw(PLACES),
    }


OUTCOMES = st.fixed_dictionaries({"reached_on": DAYS, "division_number": PLACES})
COMMITMENTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(CommitmentStatus).map(lambda status: status.value),
        "assigned_at": INSTANTS,
        "due_on": st.none() | DAYS,
        "division_number": PLACES,
    }
)
PLATFORMS = st.fixed_dictionaries(
    {
        "tier": st.sampled_from([PlatformTier.SUB.value, PlatformTier.MICRO.value]),
        "division_number": PLACES,
    }
)
CONVERSIONS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(ConversionKind).map(lambda kind: kind.value),
        "submitted_on": DAYS,
        "division_number": PLACES,
    }
)
FOLLOW_UPS = st.fixed_dictionaries({"at": INSTANTS, "score": st.integers(1, 5), "division_number": PLACES})
VALUES = {
    "topic": topics(),
    "session": sessions(),
    "outcome": OUTCOMES,
    "commitment": COMMITMENTS,
    "platform": PLATFORMS,
    "conversion": CONVERSIONS,
    "follow_up": FOLLOW_UPS,
}
USED = {
    "topic": "EXISTS (SELECT FROM outcome WHERE topic_id = topic.id) "
    "OR EXISTS (SELECT FROM commitment WHERE topic_id = topic.id) "
    "OR EXISTS (SELECT FROM follow_up WHERE topic_id = topic.id)",
    "outcome": "EXISTS (SELECT FROM commitment WHERE outcome_id = outcome.id) "
    "OR EXISTS (SELECT FROM conversion WHERE outcome_id = outcome.id)",
    "platform": "tier = 'GENERAL'",
}
CHANGES = st.sampled_from([*VALUES]).flatmap(
    lambda table: st.tuples(
        st.just(table), st.sampled_from(["insert", "insert", "update", "delete"]), st.integers(0, 99), VALUES[table]
    )
)


@pytest.fixture
async def connection(world: World) -> AsyncIterator[Connection]:
    """A connection to a database with places to put rows in."""
    opened = await asyncpg.connect(world.url)
    await opened.execute(
        """INSERT INTO division (number, upper, code, name, level, parent_number) VALUES
        (140106000000, 140107000000, '140106', '迎泽区', 'COUNTY', 140000000000),
        (140521201000, 140521202000, '140521201', '土沃乡', 'TOWNSHIP', 140521000000),
        (140521201001, 140521201002, '140521201001', '土沃村', 'VILLAGE', 140521201000)"""
    )
    yield opened
    await opened.close()


async def needed(connection: Connection, table: str) -> dict[str, Any]:
    """Return what else a new row of a table has, none of it counted."""
    serial = next(SERIAL)
    first = {
        f"{other}_id": f"(SELECT id FROM {other} {where} ORDER BY id LIMIT 1) AS {other}_id"
        for other, where in (("platform", "WHERE tier = 'GENERAL'"), ("topic", ""), ("outcome", ""), ("department", ""))
    }
    found = dict(await connection.fetchrow(f"SELECT {', '.join(first.values())}") or {})
    own = {
        "topic": {"number": f"T{serial}", "title": "林地", "proposed_at": NOW, "version": 1, "platform_id": ...},
        "session": {"scheduled_at": NOW, "venue": "议事厅", "form": "ON_SITE", "platform_id": ...},
        "outcome": {"agreement": "修", "topic_id": ...},
        "commitment": {"task": "修", "outcome_id": ..., "topic_id": ..., "department_id": ...},
        "conversion": {"title": "修", "outcome_id": ..., "platform_id": ...},
        "follow_up": {"role": "RESIDENT", "confirms_fix": True, "channel": "ONLINE", "topic_id": ...},
        "platform": {"code": f"P{serial}", "name": "平台", "kind": "OTHER", "parent_id": found["platform_id"]},
    }
    return {name: found[name] if value is ... else value for name, value in own[table].items()}


async def change(connection: Connection, table: str, verb: str, place: int, values: Mapping[str, Any]) -> None:
    """Insert a row, or update or delete the one at a place of the table; none where it is not there or is needed."""
    if verb == "insert":
        row = {"id": new_id(), **await needed(connection, table), **values}
        if any(name in row and row[name] is None for name in ("topic_id", "outcome_id")):
            return
        marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        again = "ON CONFLICT DO NOTHING" if table == "conversion" else ""
        await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) {again}", *row.values())
        return
    free = f"{table}.id = (SELECT id FROM {table} ORDER BY id OFFSET {place % 12} LIMIT 1)"
    if table == "platform" or verb == "delete":
        free += f" AND NOT ({USED.get(table, 'false')})"
    if verb == "delete":
        await connection.execute(f"DELETE FROM {table} WHERE {free}")
    else:
        if table == "conversion":
            kind = f"${[*values].index('kind') + 1}"
            same = f"other.outcome_id = conversion.outcome_id AND other.kind = {kind} AND other.id <> conversion.id"
            free += f" AND NOT EXISTS (SELECT FROM conversion AS other WHERE {same})"
        changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, 1))
        await connection.execute(f"UPDATE {table} SET {changes} WHERE {free}", *values.values())


UNIT = "division_number, unit, starts_on"
Counts = tuple[dict[Any, Any], ...]


def span(row: asyncpg.Record) -> tuple[int, str, date]:
    return row["division_number"], row["unit"], row["starts_on"]


async def kept(connection: Connection) -> Counts:
    """Return what the tallies add up to over their slots, without zeros."""
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTERS)
    rows = await connection.fetch(f"SELECT {UNIT}, {sums} FROM tally GROUP BY {UNIT}")
    counters = {span(row): {name: row[name] for name in COUNTERS} for row in rows}
    resolved, due, changed = [
        await connection.fetch(f"SELECT {UNIT}, {what}, {', '.join(adding)} FROM {table} GROUP BY {UNIT}, {what}")
        for table, what, adding in (
            ("resolution_tally", "days", ["sum(topics)::bigint AS topics"]),
            ("due_tally", "due_on", ["sum(commitments)::bigint AS commitments"]),
            ("platform_tally", "tier", ["sum(opened)::bigint AS opened", "sum(closed)::bigint AS closed"]),
        )
    ]
    return (
        without_zeros(counters),
        {(span(row), row["days"]): row["topics"] for row in resolved if row["topics"]},
        {(span(row), row["due_on"]): row["commitments"] for row in due if row["commitments"]},
        {(span(row), row["tier"]): (row["opened"], row["closed"]) for row in changed if row["opened"] or row["closed"]},
    )


async def counted(connection: Connection) -> Counts:
    """Return what the tallies should be."""
    rows = await rows_of(connection)
    return (
        tallies(rows),
        resolution_tallies(rows["topic"]),
        due_tallies(rows["commitment"]),
        platform_tallies(rows["platform"]),
    )


async def assert_true(connection: Connection) -> None:
    """Hold that the tallies are what the rows add up to, and that counting anew makes no difference."""
    expected = await counted(connection)
    assert await kept(connection) == expected
    await connection.execute("SELECT recount_tallies()")
    assert await kept(connection) == expected


@settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(changes=st.lists(CHANGES, min_size=5, max_size=20), commits=st.booleans())
async def test_tallies_follow_every_change_of_a_row(
    connection: Connection, changes: list[tuple[str, str, int, dict[str, Any]]], *, commits: bool
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    for one in changes:
        await change(connection, *one)
    await (transaction.commit() if commits else transaction.rollback())
    await assert_true(connection)


async def test_tallies_follow_one_statement_over_many_rows(connection: Connection) -> None:
    row = {"kind": "KEY", "category": "ROADS", "status": "LISTED", "listed_at": NEW_YEAR}
    for division in DIVISIONS * 4:
        placed = {"resolved_at": None, "withdrawn_at": None, "division_number": division}
        await change(connection, "topic", "insert", 0, {**row, **placed})
    await connection.execute("UPDATE topic SET listed_at = listed_at - interval '1 second', category = 'PARKING'")
    await assert_true(connection)
    await connection.execute("DELETE FROM topic WHERE division_number < 140521000000")
    await assert_true(connection)


async def test_tallies_take_the_changes_of_transactions_at_once(world: World, connection: Connection) -> None:
    started = asyncio.Barrier(6)

    async def work(number: int) -> None:
        own = await asyncpg.connect(world.url)
        try:
            await started.wait()
            for step in range(15):
                transaction = own.transaction()
                await transaction.start()
                ids = [new_id() for _ in range(3)]
                for index, id_ in enumerate(ids):
                    await own.execute(
                        """INSERT INTO topic (id, number, title, kind, category, status, version, platform_id,
                        division_number, proposed_at, listed_at)
                        SELECT $1, $2, '路', 'MICRO', 'ROADS', 'LISTED', 1, min(platform_id::text)::uuid, $3, $4, $4
                        FROM topic""",
                        id_, f"C{number}-{step}-{index}", 140521201000, NEW_YEAR,
                    )  # fmt: skip
                await own.execute("UPDATE topic SET category = 'SAFETY' WHERE id = $1", ids[0])
                await own.execute("DELETE FROM topic WHERE id = $1", ids[1])
                await (transaction.rollback() if step % 5 == number % 5 else transaction.commit())
        finally:
            await own.close()

    await asyncio.gather(*(work(number) for number in range(6)))
    counters = (await kept(connection))[0][140521000000, "YEAR", NEW_YEAR_DAY]
    assert counters == {"topics_micro": 144, "status_listed": 144, "category_roads": 72, "category_safety": 72}
    await assert_true(connection)


SLOTS = 32


async def list_one(connection: Connection, number: str) -> None:
    await connection.execute(
        """INSERT INTO topic (id, number, title, kind, category, status, version, platform_id,
        division_number, proposed_at, listed_at)
        SELECT $1, $2, '路', 'MICRO', 'ROADS', 'LISTED', 1, min(platform_id::text)::uuid, $3, $4, $4 FROM topic""",
        new_id(), number, 140521201000, NEW_YEAR,
    )  # fmt: skip


async def test_a_commit_waits_for_no_other_while_a_slot_is_free(world: World, connection: Connection) -> None:
    before = (await kept(connection))[0].get((140521000000, "DAY", NEW_YEAR_DAY), {}).get("topics_micro", 0)
    others = [await asyncpg.connect(world.url) for _ in range(SLOTS)]
    try:
        transactions = [other.transaction() for other in others]
        for number, (other, transaction) in enumerate(zip(others, transactions, strict=True)):
            await transaction.start()
            await other.execute("SET lock_timeout = '50ms'")
            await list_one(other, f"S{number + 100}")
            await other.execute("SET CONSTRAINTS ALL IMMEDIATE")  # counts, as the commit would
        await connection.execute("SET lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await list_one(connection, "S200")
        await transactions[5].commit()
        await list_one(connection, "S201")
        for transaction in (*transactions[:5], *transactions[6:]):
            await transaction.commit()
    finally:
        for other in others:
            await other.close()
    await connection.execute("RESET lock_timeout")
    now = (await kept(connection))[0][140521000000, "DAY", NEW_YEAR_DAY]["topics_micro"]
    assert now == before + SLOTS + 1
    await assert_true(connection)


@settings(
    max_examples=8, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(work=st.lists(st.lists(CHANGES, min_size=4, max_size=12), min_size=4, max_size=4))
async def test_tallies_are_true_in_every_snapshot_beside_writers(
    world: World, connection: Connection, work: list[list[tuple[str, str, int, dict[str, Any]]]]
) -> None:
    async def write(changes: list[tuple[str, str, int, dict[str, Any]]]) -> None:
        own = await asyncpg.connect(world.url, server_settings={"deadlock_timeout": "20ms"})
        try:
            for together in zip(changes[::2], changes[1::2], strict=False):
                with suppress(asyncpg.IntegrityConstraintViolationError, asyncpg.DeadlockDetectedError):
                    async with own.transaction():
                        for one in together:
                            await change(own, *one)
        finally:
            await own.close()

    writing = asyncio.gather(*map(write, work))
    while not writing.done():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            assert await kept(connection) == await counted(connection)
    await writing
    await assert_true(connection)


async def test_tallies_follow_the_commands(world: World, connection: Connection) -> None:
    clock, platform = SystemClock(), world.topics[0].platform_id
    looking = Actor("looking", ACTOR.grants)

    async def act(command: Any, *, actor: Actor = ACTOR, **values: Any) -> Any:
        async with world.db.write() as tx:
            done = await command(Act(tx, actor, clock), **values)
        await assert_true(connection)
        return done

    proposal: dict[str, Any] = {"platform_id": platform, "title": "路", "summary": None, "kind": TopicKind.KEY}
    topic = await act(propose_topic, **proposal, category=Category.ROADS)
    other = await act(propose_topic, **proposal, category=Category.SAFETY)
    await act(list_topic, topic_id=topic, expected_version=None)
    await act(list_topic, topic_id=other, expected_version=None)
    await act(withdraw_topic, topic_id=other, reason="已解决", expected_version=None)
    await world.plan(platform, china_day(clock.now()).year, topic)
    session, outcome = await agreed(act, platform, topic, clock.now())
    due: dict[str, Any] = {"task": "修", "due_on": date(2199, 1, 1)}
    commitment = await act(assign_commitment, outcome_id=outcome, department="qinshui-court", **due)
    other = await act(assign_commitment, outcome_id=outcome, department="qinshui-power", **due)
    evidence = [EvidenceGiven("https://example.org/road")]
    await act(accept_commitment, commitment_id=commitment)
    await act(complete_commitment, commitment_id=commitment, evidence=evidence)
    await act(dispute_commitment, commitment_id=commitment, reason="没修完", actor=looking)
    await act(report_progress, commitment_id=commitment, percent=None, note="再修")
    await act(complete_commitment, commitment_id=commitment, evidence=evidence)
    await act(verify_commitment, commitment_id=commitment, note=None, actor=looking)
    opinion = await act(add_opinion, session_id=session, voiced=Voiced(ParticipantRole.RESIDENT, "路窄"))
    for kind in (ConversionKind.PROPOSAL, ConversionKind.SUGGESTION):
        submitted = Submitted(kind, "修路")
        await act(convert_outcome, outcome_id=outcome, submitted=submitted)
        await act(convert_opinion, opinion_id=opinion, submitted=submitted)
    for respondent, score in (("甲", 1), ("乙", 5), ("甲", 2)):
        answered = Answered(ParticipantRole.RESIDENT, score, confirms_fix=score > 2)
        asked = Asked(FollowUpChannel.TELEPHONE, respondent)
        await act(record_follow_up, topic_id=topic, answered=answered, asked=asked)
    left_open = [LeftOpen(other, "停电检修排期在下月")]
    await act(
        resolve_topic, topic_id=topic, summary="修好", evidence=evidence, expected_version=None, left_open=left_open
    )
    await act(reopen_topic, topic_id=topic, reason="又坏", expected_version=None)
    county, year = 140521000000, date(china_day(clock.now()).year, 1, 1)
    counters, resolved, open_ones, _platforms = await kept(connection)
    assert counters[county, "YEAR", year] == {
        "topics_key": 2, "status_implementing": 1, "status_withdrawn": 1, "category_roads": 1, "category_safety": 1,
        "sessions_held": 1, "attendances": 12, "sessions_uncertain": 1, "outcomes": 1,
        "commitments": 2, "commitments_done": 1, "commitments_verified": 1,
        "conversions_suggestion": 2, "conversions_proposal": 2, "follow_ups": 2, "satisfaction_score": 7,
    }  # fmt: skip
    assert open_ones[(county, "YEAR", year), date(2199, 1, 1)] == 1
    assert resolved == {}
