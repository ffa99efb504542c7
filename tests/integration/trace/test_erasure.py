"""Words of the trace are erased, and the chain still verifies; whoever erases without saying so is found."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import ConstraintViolated
from services.core.ids import new_id
from services.trace.erasure import erase_words
from services.trace.rules import BEFORE_THE_FIRST, ERASED_WORDS, Link
from services.trace.verify import Walked, walk
from tests.clock import SetClock
from tests.integration.trace.test_verify import forge, traced
from tests.servers import as_owner
from tests.world import ACTOR, World

__all__ = ["traced"]
PERSON = f"erased:{'0' * 32}"


async def chain(world: World) -> list[Any]:
    topic = world.topics[0].id
    return await world.rows(
        "SELECT entry.id, actor, summary, actor_salt IS NULL, summary_salt IS NULL, encode(hash, 'hex'), act, evidence "
        f"FROM trace_entry AS entry JOIN trace_chain ON trace_chain.id = chain_id WHERE topic_id = '{topic}' "
        "ORDER BY sequence"
    )


async def walked(world: World) -> dict[str, Walked]:
    async with world.db.write() as tx:
        return {one.chain: one async for one in walk(tx)}


async def erased(world: World, entries: dict[UUID, Collection[str]]) -> int:
    async with as_owner(world.url) as tx:
        return await erase_words(Act(tx, ACTOR, SystemClock()), entries, person=PERSON, reason="本人申请")


async def test_words_go_and_the_chain_verifies(traced: World) -> None:
    before = await chain(traced)
    first, second = before[0][0], before[1][0]
    assert await erased(traced, {first: ["actor", "summary"], second: ["actor"]}) == 2
    after = await chain(traced)
    assert [row[:5] for row in after[:3]] == [
        (first, PERSON, ERASED_WORDS, True, True),
        (second, PERSON, "试1", True, False),
        before[2][:5],
    ]
    assert [row[5] for row in after[:4]] == [row[5] for row in before]
    *_, hash_, act, evidence = after[4]
    assert act == "trace.erased"
    named = [{"url": f"urn:uuid:{row[0]}", "sha256": row[5]} for row in before[:2]]
    assert evidence == named
    found = await walked(traced)
    assert {one.fault for one in found.values()} == {None}
    one = found[traced.topics[0].number]
    assert (one.entries, one.erased) == (5, 2)
    assert await erased(traced, {first: ["actor", "summary"], second: ["actor"]}) == 0
    assert (await chain(traced))[-1][5] == hash_
    assert await erased(traced, {second: ["summary"]}) == 1
    assert {one.fault for one in (await walked(traced)).values()} == {None}


async def old_chain(world: World, said: Sequence[str]) -> list[UUID]:
    """Give the last topic, which has none in that world, a chain as it was written before entries had commitments."""
    topic = world.topics[0].id
    connection = await asyncpg.connect(world.url)
    try:
        head = await connection.fetchrow("SELECT * FROM trace_head($1, NULL, $2)", topic, new_id())
        assert head is not None
        previous, ids = BEFORE_THE_FIRST, []
        for sequence, summary in enumerate(said, 1):
            ids.append(new_id())
            at = SetClock(world.topics[0].proposed_at).now()
            link = Link(
                ids[-1], f"topic_{topic}", sequence, at, "topic.proposed", "resident", "RESIDENT", None, summary, [],
                previous,
            )  # fmt: skip
            await connection.execute(
                "INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, summary, evidence, "
                "previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $10)",
                link.id, head["id"], sequence, at, link.act, link.actor, link.actor_role, summary, previous,
                link.digest(None),
            )  # fmt: skip
            previous = link.digest(None)
        return ids
    finally:
        await connection.close()


async def test_words_of_the_first_form_go_and_their_hash_stays(world: World) -> None:
    ids = await old_chain(world, ["甲", "乙", "丙"])
    before = await chain(world)
    assert {one.fault for one in (await walked(world)).values()} == {None}
    assert await erased(world, {ids[1]: ["actor", "summary"]}) == 1
    after = await chain(world)
    assert [row[5] for row in after[:3]] == [row[5] for row in before]
    assert after[1][1:3] == (PERSON, ERASED_WORDS)
    (one,) = (await walked(world)).values()
    assert (one.entries, one.erased, one.fault) == (4, 1, None)
    await forge(world, "UPDATE trace_entry SET act = 'topic.listed' WHERE sequence = 2")
    (one,) = (await walked(world)).values()
    assert one.fault == "entry 2 had words erased, and no later entry tells so"


SECOND = "WHERE sequence = 2 AND chain_id = (SELECT id FROM trace_chain WHERE topic_id = '{topic}')"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (f"actor = '{PERSON}', actor_salt = NULL", "entry 2 had words erased, and no later entry tells so"),
        ("actor_salt = NULL", "entry 2 is not what was recorded"),
        ("summary = '别的', summary_salt = NULL", "entry 2 is not what was recorded"),
        ('evidence = \'[{"url": "x", "sha256": null}]\', evidence_salt = NULL', "entry 2 is not what was recorded"),
    ],
)
async def test_words_that_were_taken_without_saying_so_are_found(traced: World, change: str, fault: str) -> None:
    await forge(traced, f"UPDATE trace_entry SET {change} {SECOND}")
    assert (await walked(traced))[traced.topics[0].number].fault == fault


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'erased:0', actor_salt = NULL",
        f"actor = '{PERSON}'",
        "summary = '(已删除)'",
        "summary = '别的', summary_salt = NULL",
        "actor_salt = sha256('')",
        "actor_commitment = sha256('')",
        f"actor = '{PERSON}', actor_salt = NULL, act = 'x'",
        f"actor = '{PERSON}', actor_salt = NULL, hash = sha256('')",
        "form = 1",
    ],
)
async def test_database_lets_its_owner_erase_words_and_change_nothing_else(traced: World, change: str) -> None:
    before = await chain(traced)
    with pytest.raises(ConstraintViolated) as refused:
        await traced.run(f"UPDATE trace_entry SET {change}")
    assert refused.value.constraint == "trace_is_append_only"
    assert await chain(traced) == before


@pytest.mark.parametrize("change", ["summary = '改'", "summary_salt = sha256('')", "summary_commitment = sha256('')"])
async def test_first_form_takes_commitments_to_its_own_words_only(world: World, change: str) -> None:
    await old_chain(world, ["甲"])
    with pytest.raises(ConstraintViolated) as refused:
        await world.run(f"UPDATE trace_entry SET {change}")
    assert refused.value.constraint == "trace_is_append_only"
