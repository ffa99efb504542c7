import asyncio
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from services.core.act import Act
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.topics.evidence import EvidenceGiven
from services.trace.models import TraceChain, TraceEntry
from services.trace.record import record
from services.trace.rules import Link, commitments, fresh_salts
from services.trace.verify import walk
from tests.servers import settings_of
from tests.world import ACTOR, World

LENGTH = 4
SECOND = "WHERE sequence = 2 AND chain_id = (SELECT id FROM trace_chain WHERE topic_id = '{topic}')"
CHANGES = {
    "id": "gen_random_uuid()",
    "chain_id": "(SELECT id FROM trace_chain WHERE matter_id IS NOT NULL)",
    "sequence": "17",
    "at": "at + interval '1 microsecond'",
    "act": "'topic.resolved'",
    "actor": "NULL",
    "actor_role": "'SYSTEM'",
    "subject_kind": "'session'",
    "subject_id": "gen_random_uuid()",
    "summary": "summary || ' '",
    "evidence": """jsonb_set(evidence, '{0,url}', '"https://example.org/2"')""",
    "previous_hash": "sha256('')",
    "hash": "sha256('')",
    "form": "1",
    "actor_salt": "NULL",
    "actor_commitment": "sha256('')",
    "evidence_salt": "sha256('')",
    "evidence_commitment": "NULL",
    "summary_salt": "sha256('')",
    "summary_commitment": "sha256('')",
}
OUTLANDISH = {
    "at": "'infinity'",
    "actor": "''",
    "evidence": "'[1e400, 123456789012345678901234567890]'",
}


@pytest.fixture
async def traced(world: World) -> World:
    """Three topics and a matter with a few entries each."""
    raised = await world.raise_matter()
    for topic_id, matter_id in [*((topic.id, None) for topic in world.topics), (None, raised)]:
        for number in range(LENGTH):
            async with world.db.write() as tx:
                await record(
                    Act(tx, ACTOR, SystemClock()), role=Role.CADRE, entry="test.done", summary=f"试{number}",
                    subject=("topic", world.topics[0].id), evidence=[EvidenceGiven("https://example.org/1")],
                    topic_id=topic_id, matter_id=matter_id,
                )  # fmt: skip
    return world


async def forge(world: World, statement: str) -> None:
    """Change the trace as only somebody can who owns the server: past triggers and foreign keys."""
    connection = await asyncpg.connect(world.url, server_settings={"session_replication_role": "replica"})
    try:
        await connection.execute(statement.replace("{topic}", str(world.topics[0].id)))
    finally:
        await connection.close()


async def faults(world: World, topic: str | None = None) -> list[tuple[str, str]]:
    async with world.db.write() as tx:
        return [(one.chain, one.fault) async for one in walk(tx, topic=topic) if one.fault is not None]


async def test_chains_that_were_left_alone_are_whole(traced: World) -> None:
    assert await faults(traced) == []
    async with traced.db.write() as tx:
        found = [(one.chain, one.entries) async for one in walk(tx)]
        numbers = {topic.number for topic in traced.topics}
        assert {entries for _chain, entries in found} == {LENGTH}
        assert len(found) == len(numbers) + 1
        assert numbers < {chain for chain, _entries in found}
        (one,) = [walked async for walked in walk(tx, topic=traced.topics[1].number)]
        assert (one.chain, one.entries, one.fault) == (traced.topics[1].number, LENGTH, None)


def test_every_column_is_changed_by_a_case() -> None:
    assert set(CHANGES) == {column.name for column in TraceEntry.__table__.columns}  # type: ignore[attr-defined]


@pytest.mark.parametrize("column", CHANGES)
async def test_any_changed_field_is_found(traced: World, column: str) -> None:
    for constraint in ("uq_trace_entry_chain_id_sequence", "ck_trace_entry_committed"):
        await forge(traced, f"ALTER TABLE trace_entry DROP CONSTRAINT {constraint}")
    await forge(traced, f"UPDATE trace_entry SET {column} = {CHANGES[column]} {SECOND}")
    found = dict(await faults(traced))
    wrong = "entry 2 is missing" if column in {"chain_id", "sequence"} else "entry 2 is not what was recorded"
    assert found.pop(traced.topics[0].number) == wrong
    assert [chain.partition("_")[0] for chain in found] == (["matter"] if column == "chain_id" else [])


@pytest.mark.parametrize("column", OUTLANDISH)
async def test_value_that_nobody_could_record_is_found(traced: World, column: str) -> None:
    await forge(traced, "ALTER TABLE trace_entry DROP CONSTRAINT ck_trace_entry_at_bound")
    await forge(traced, f"UPDATE trace_entry SET {column} = {OUTLANDISH[column]} {SECOND}")
    assert await faults(traced) == [(traced.topics[0].number, "entry 2 is not what was recorded")]


OF_FIRST = "chain_id = (SELECT id FROM trace_chain WHERE topic_id = '{topic}')"
RENUMBER = f"UPDATE trace_entry SET sequence = sequence - 1 WHERE sequence > 2 AND {OF_FIRST}"


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        ([f"DELETE FROM trace_entry WHERE sequence = 1 AND {OF_FIRST}"], "entry 1 is missing"),
        ([f"DELETE FROM trace_entry WHERE sequence = 3 AND {OF_FIRST}"], "entry 3 is missing"),
        ([f"DELETE FROM trace_entry WHERE sequence = 4 AND {OF_FIRST}"], "entry 4 is missing at the end"),
        ([f"DELETE FROM trace_entry WHERE {OF_FIRST}"], "entry 1 is missing at the end"),
        ([f"DELETE FROM trace_entry WHERE sequence = 2 AND {OF_FIRST}", RENUMBER], "entry 2 is not what was recorded"),
        (
            ["ALTER TABLE trace_entry DROP CONSTRAINT uq_trace_entry_chain_id_sequence",
             f"UPDATE trace_entry SET sequence = 5 - sequence WHERE sequence IN (2, 3) AND {OF_FIRST}"],
            "entry 2 is not what was recorded",
        ),
        (["UPDATE trace_chain SET last_hash = sha256('') WHERE topic_id = '{topic}'"], "its head is not entry 4"),
        (["UPDATE trace_chain SET last_sequence = 3 WHERE topic_id = '{topic}'"], "its head is not entry 4"),
        (["UPDATE trace_chain SET last_sequence = 5 WHERE topic_id = '{topic}'"], "entry 5 is missing at the end"),
    ],
)  # fmt: skip
async def test_missing_and_moved_entries_are_found(traced: World, statements: list[str], fault: str) -> None:
    for statement in statements:
        await forge(traced, statement)
    assert await faults(traced) == [(traced.topics[0].number, fault)]


HEAD_CHANGES = {
    "id": ("gen_random_uuid()", "entry 1 is missing at the end"),
    "topic_id": ("gen_random_uuid()", "entry 1 is not what was recorded"),
    "matter_id": ("topic_id, topic_id = NULL", "entry 1 is not what was recorded"),
    "last_sequence": ("3", "its head is not entry 4"),
    "last_hash": ("sha256('')", "its head is not entry 4"),
}


def test_every_column_of_a_head_is_changed_by_a_case() -> None:
    assert set(HEAD_CHANGES) == {column.name for column in TraceChain.__table__.columns}  # type: ignore[attr-defined]


@pytest.mark.parametrize("column", HEAD_CHANGES)
async def test_any_changed_field_of_a_head_is_found(traced: World, column: str) -> None:
    value, fault = HEAD_CHANGES[column]
    await forge(traced, f"UPDATE trace_chain SET {column} = {value} WHERE topic_id = '{{topic}}'")
    assert fault in {fault for _chain, fault in await faults(traced)}


async def test_chain_without_head_is_found(traced: World) -> None:
    ((chain_id,),) = await traced.rows(f"SELECT id FROM trace_chain WHERE topic_id = '{traced.topics[0].id}'")
    await forge(traced, "DELETE FROM trace_chain WHERE topic_id = '{topic}'")
    assert [fault for _chain, fault in await faults(traced)] == [f"the head of chain {chain_id} is missing"]


async def test_entry_that_was_changed_and_hashed_anew_is_not_followed_by_the_next(traced: World) -> None:
    await forge(traced, f"UPDATE trace_entry SET summary = '改' {SECOND}")
    topic = traced.topics[0]
    columns = "id, sequence, at, act, actor, actor_role, summary, evidence, previous_hash"
    (row,) = await traced.rows(f"SELECT {columns} FROM trace_entry {SECOND}".replace("{topic}", str(topic.id)))
    said: dict[str, Any] = dict(zip(columns.split(", "), row, strict=True))
    link = Link(**said, chain=f"topic_{topic.id}", subject=f"topic_{topic.id}")
    salts = fresh_salts(link.words())
    committed = commitments(link.words(), salts)
    seals = {f"{name}_salt": salt for name, salt in salts.items()}
    seals |= {f"{name}_commitment": digest for name, digest in committed.items()}
    values = ", ".join(f"{name} = '\\x{value.hex()}'" for name, value in seals.items() if value is not None)
    await forge(traced, f"UPDATE trace_entry SET hash = '\\x{link.digest(committed).hex()}', {values} {SECOND}")
    assert await faults(traced) == [(topic.number, "entry 3 does not follow the entry before it")]


async def test_seeded_chains_are_whole(seeded_url: str) -> None:
    db = await Database.open(seeded_url)
    async with db.write() as tx:
        walked = [(one.entries, one.fault) async for one in walk(tx)]
    await db.close()
    assert len(walked) == 1_076
    assert {fault for _entries, fault in walked} == {None}


async def test_command_says_what_is_broken(traced: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_of(traced.url).items():
        monkeypatch.setenv(name, value)
    number = traced.topics[0].number

    async def said(*arguments: str) -> tuple[int, str, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["trace", "verify", *arguments])
        return result.exit_code, result.stdout, result.stderr

    assert await said() == (0, f"4 chains, {4 * LENGTH} entries, 0 broken\n", "")
    await forge(traced, f"UPDATE trace_entry SET summary = '改' {SECOND}")
    broken = f"{number}: entry 2 is not what was recorded\n"
    assert await said() == (1, f"{broken}4 chains, {4 * LENGTH} entries, 1 broken\n", "")
    assert await said("--topic", number) == (1, f"{broken}1 chains, {LENGTH} entries, 1 broken\n", "")
    assert (await said("--topic", traced.topics[1].number))[:2] == (0, f"1 chains, {LENGTH} entries, 0 broken\n")
    assert await said("--topic", "T0") == (1, "", "No topic T0 has a trace.\n")
