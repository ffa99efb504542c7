"""A table that somebody holds: what needs it is told so in time, and nothing else waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.live.busy.ground import NAMES, Ground, Told, as_superuser, keep_asking, measured, slowest

HELD_S = 8.0
MATTERS = "{ matters(first: 1) { nodes { title } } }"


async def topics(own: Ground) -> Told:
    return await own.ask("{ topics(first: 1) { nodes { title } } }")


async def topics_anew(own: Ground) -> Told:
    return await own.ask(f"{{ topics(first: 1) {{ nodes {{ title{next(NAMES)}: title }} }} }}")


async def matters(own: Ground) -> Told:
    return await own.ask(MATTERS)


Ways = tuple[Callable[[Ground], Awaitable[Told]], ...]


@pytest.mark.parametrize(
    ("table", "held_up", "others"),
    [
        ("topic", (topics, topics_anew, Ground.propose), (Ground.read, Ground.read_anew)),
        ("matter", (matters, Ground.raise_matter), (Ground.read, Ground.read_anew, topics, Ground.register)),
    ],
)
async def test_what_needs_a_locked_table_is_told_and_nothing_else_is_held_up(
    own: Ground, table: str, held_up: Ways, others: Ways
) -> None:
    ways = (*held_up, *others)
    for way in ways:
        for _ in range(3):
            assert (await way(own)).done
    async with as_superuser(own) as holder, holder.transaction():
        await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        # What is asked at the end is answered while the lock is held.
        asked = [keep_asking([partial(way, own)], for_s=HELD_S, every_s=0.4) for way in ways]
        answers = dict(zip(ways, await asyncio.gather(*asked), strict=True))
    well_s = await own.well_after_s()
    for way, told in answers.items():
        done = sum(one.check().done for one in told)
        measured(f"{table} locked: {way.__name__} {done} of {len(told)} done, {slowest(told)}")
    measured(f"{table} locked: well after {well_s:.2f} s")
    assert not any(one.done for way in held_up for one in answers[way])
    assert all(one.done for way in others for one in answers[way])
    await own.repeat()
