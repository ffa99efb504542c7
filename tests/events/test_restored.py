"""`shangliang restored`: after the database was restored to an earlier moment no number is given twice."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from services.core.act import Act
from services.core.clock import CHINA, SystemClock
from services.core.ids import node_id
from services.migrations.grants import Login
from services.notices.restoration import LAST_SEQUENCE, NUMBERS_A_SECOND, STEP, Restored, RestoreRefused, tell_restored
from services.topics import numbers
from services.topics.commands import propose_topic
from services.topics.enums import Category, TopicKind
from services.topics.models import Topic
from shangliang_kit import Event, Store
from shangliang_kit.event import RESTORED, numbers_missing
from tests.clock import SetClock
from tests.events.test_kit import Heard, consuming
from tests.events.tools import account, relay
from tests.restoring import copied, opened
from tests.servers import BrokerAddress, settings_of
from tests.world import ACTOR, World

COURT = "qinshui-court"
LANES = "SELECT last_sequence FROM lane ORDER BY id"


async def run(world: World, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command on the world's database, as a process would."""
    for name, value in settings_of(world.url).items():
        monkeypatch.setenv(name, value)
    result = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


async def propose(world: World) -> str:
    """Propose a topic; return its number."""
    async with world.db.write() as tx:
        id_ = await propose_topic(
            Act(tx, ACTOR, SystemClock()), platform_id=world.topics[0].platform_id, title="停车", summary=None,
            kind=TopicKind.MICRO, category=Category.PARKING,
        )  # fmt: skip
        return (await tx.get_one(Topic, id_)).number


async def restored(world: World, to: datetime, at: datetime, step: int = STEP) -> Restored:
    async with world.acting(Login.OPERATOR) as db, db.write() as tx:
        return await tell_restored(Act(tx, ACTOR, SetClock(at)), restored_to=to, step=step)


async def test_no_number_is_given_twice_and_consumers_take_what_was_passed_over_for_no_gap(
    world: World, declared: BrokerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, heard = await account(declared, COURT), Heard()
    async with consuming(url, heard, tmp_path / "store"):
        kept = [await world.announce(COURT, "qinshui-forestry") for _ in range(2)]
        async with relay(world.db, world.url, declared.url):
            await heard.until(2)
        waiting = await world.announce(COURT)
        before = await propose(world)
        point, copy = datetime.now(UTC), await copied(world)
        async with opened(world.url, world) as until_the_end:
            lost = [await until_the_end.announce(COURT, topic=number) for number in (0, 0, 1)]
            lost_topic = await propose(until_the_end)
            async with relay(until_the_end.db, world.url, declared.url):
                await heard.until(6)
        async with opened(copy, world) as after:
            told = await run(after, monkeypatch, "restored", point.isoformat())
            assert told.exit_code == 0, told.stderr
            assert await after.rows("SELECT data ->> 'restored_to' FROM event WHERE type = 'system.restored'") == [
                (point.isoformat(),)
            ]
            ((first,),) = await after.rows("SELECT first_sequence FROM restoration")
            async with relay(after.db, after.url, declared.url):
                await heard.until(7)
                new = [await after.announce(COURT, topic=number) for number in (0, 1)]
                await heard.until(9)
            new_topic = await propose(after)
            again = await run(after, monkeypatch, "restored", point.isoformat())
            verified = await run(after, monkeypatch, "trace", "verify")
    assert isinstance(first, int)
    said = re.search(r"numbered from (\d+) on, topics (\d+) further, and 3 departments are to be told", told.stderr)
    assert said is not None
    assert (int(said[1]), first > STEP) == (first, True)
    notice = heard.events[6]
    assert (notice.type, notice.data["restored_to"], notice.data["first_sequence"]) == (
        RESTORED, point.isoformat(), first
    )  # fmt: skip
    assert [{*heard.ids[:2]}, {*heard.ids[2:6]}, {*heard.ids[7:]}] == [{*kept}, {waiting, *lost}, {*new}]
    given = [(event.partition_key, event.sequence) for event in heard.events]
    assert len({*given}) == len(given)
    topics = [node_id("topic", topic.id) for topic in world.topics]
    assert {*given[6:]} == {(COURT, first), (topics[0], first), (topics[1], first)}
    assert [(event.missing, event.late) for event in heard.events] == [(0, False)] * 9
    county = f"T140521-{point.astimezone(CHINA).year}"
    assert (before, lost_topic) == (f"{county}-0001", f"{county}-0002")
    assert new_topic == f"{county}-{1 + int(said[2]) + 1}"
    assert int(said[2]) >= numbers.STEP
    assert (again.exit_code, "nothing is changed" in again.stderr) == (1, True)
    assert (verified.exit_code, verified.stdout.endswith(" 0 broken\n")) == (0, True)


async def test_restore_again_to_the_same_moment_finds_other_numbers(world: World) -> None:
    await world.announce(COURT)
    point = datetime.now(UTC)
    copy = await copied(world)
    async with opened(world.url, world) as first, opened(copy, world) as second:
        one = await restored(first, point, point + timedelta(seconds=10))
        other = await restored(second, point, point + timedelta(seconds=15))
        assert one == Restored(1 + 1 + STEP + 10 * NUMBERS_A_SECOND, 3)
        assert other.first_sequence - one.first_sequence == 5 * NUMBERS_A_SECOND
        # A later one in the same database goes on above it.
        third = await restored(second, point + timedelta(seconds=1), point + timedelta(seconds=21))
        assert third.first_sequence > other.first_sequence + STEP


async def test_department_is_told_that_has_a_lane_or_an_enabled_channel(world: World) -> None:
    await world.announce("qinshui-power")
    await world.run("UPDATE department_channel SET enabled = false WHERE department_id <> "
                    f"'{world.departments[COURT].id}'")  # fmt: skip
    now = datetime.now(UTC)
    assert (await restored(world, now, now)).departments == 2
    told = await world.rows(
        "SELECT code, status, sequence = last_sequence FROM delivery JOIN department ON department.id = department_id "
        "JOIN lane ON lane.id = lane_id JOIN event ON event.id = event_id WHERE type = 'system.restored' ORDER BY code"
    )
    assert told == [(COURT, "PENDING", True), ("qinshui-power", "PENDING", True)]


async def test_refused_restore_changes_nothing(world: World) -> None:
    await world.announce(COURT)
    now = datetime.now(UTC)
    lanes = await world.rows(LANES)
    for moment, at, step, why in (
        (now + timedelta(minutes=1), now, STEP, "still to come"),
        (now - timedelta(hours=1), now, STEP, "it was not restored to"),
        (now, now, LAST_SEQUENCE - STEP, "give a smaller step"),
    ):
        with pytest.raises(RestoreRefused, match=why):
            await restored(world, moment, at, step)
    assert await world.rows(LANES) == lanes == [(1,)]
    assert await world.rows("SELECT count(*) FROM restoration") == [(0,)]
    assert await world.rows("SELECT count(*) FROM event") == [(1,)]


async def test_lanes_of_departments_that_were_told_nothing_yet_begin_above_too(world: World) -> None:
    now = datetime.now(UTC)
    told = await restored(world, now, now)
    await world.announce("qinshui-forestry", topic=2)
    assert await world.rows("SELECT sequence FROM delivery WHERE role IS NOT NULL") == [(told.first_sequence,)]


async def test_counties_pass_over_numbers_of_every_year_since(world: World) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    async with world.acting(Login.OPERATOR) as db, db.write() as tx:
        await numbers.pass_over_numbers(
            Act(tx, ACTOR, SetClock(at)), restored_to=at - timedelta(days=1), step=numbers.STEP
        )
    passed = numbers.STEP + 86_400
    assert await world.rows("SELECT county_code, year, last FROM topic_number ORDER BY 1, 2") == [
        (county, year, passed) for county in ("140000", "140521") for year in (2024, 2025)
    ]


@pytest.mark.parametrize(
    ("last", "first", "sequence", "missing"),
    [
        (4, 0, 5, 0), (4, 0, 8, 3), (0, 0, 1, 0), (4, 1000, 6, 1), (4, 1000, 1000, 0), (0, 1000, 1000, 0),
        (4, 1000, 1002, 2), (1001, 1000, 1002, 0), (1001, 1000, 1004, 2), (1001, 1000, 5, 0),
    ],
)  # fmt: skip
def test_numbers_between_the_last_and_where_all_began_anew_are_not_missing(
    last: int, first: int, sequence: int, missing: int
) -> None:
    assert numbers_missing(sequence, last=last, first=first) == missing


def test_store_counts_from_the_last_restore_that_lies_beneath(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")

    def placed(key: str, sequence: int, **data: int) -> tuple[int, bool]:
        type_ = RESTORED if data else "cn.shangliang.topic.listed.v1"
        event = Event(f"{key} {sequence}", type_, key, sequence, 0, data, {})
        found = store.placed(event)
        store.note(event)
        return found.missing, found.late

    assert placed("topic_1", 1) == (0, False)
    assert placed(COURT, 1000, first_sequence=1000) == (0, False)
    assert placed("topic_1", 3) == (1, False)  # what waited from before
    assert placed("topic_1", 1001) == (1, False)
    assert placed(COURT, 5000, first_sequence=5000) == (0, False)
    assert placed("topic_2", 5000) == (0, False)
    assert placed("topic_1", 1003) == (1, False)
    assert placed("topic_1", 5001) == (1, False)
    assert placed("topic_1", 1003) == (0, True)
    store.close()
