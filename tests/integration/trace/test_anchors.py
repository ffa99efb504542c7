"""A database that was forged whole is found by anchors, and what was forged is named."""

import asyncio
import json
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs
from typer.testing import CliRunner

from deploy.cli import app
from events.upkeep import keep_anchors
from services.core.act import Act
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.ids import node_id
from services.trace.anchors import (
    FILE,
    Anchor,
    Anchored,
    AnchorsBroken,
    append_anchor,
    load_key,
    merkle_root,
    public_key,
    public_text,
    read_anchors,
)
from services.trace.heads import compare, heads
from services.trace.record import record
from services.trace.rules import BEFORE_THE_FIRST, Link, commitments
from services.trace.verify import walk
from tests import servers
from tests.events.tools import until
from tests.world import ACTOR, World

KEY = Ed25519PrivateKey.generate()


async def append(world: World, count: int = 2) -> None:
    """Append entries to the chain of each topic."""
    for topic in world.topics:
        for number in range(count):
            async with world.db.write() as tx:
                act = Act(tx, ACTOR, SystemClock())
                await record(act, role=Role.CADRE, entry="test.done", summary=f"试{number}", topic_id=topic.id)


async def anchored_now(world: World, directory: Path) -> Anchor:
    async with world.db.write() as tx:
        found = await heads(tx)
    return append_anchor(directory, KEY, found, SystemClock().now())


def told(directory: Path, key: Ed25519PrivateKey = KEY) -> Anchored:
    with (directory / FILE).open("rb") as lines:
        return read_anchors(lines, key.public_key())


@pytest.fixture
async def directory(world: World, tmp_path: Path) -> Path:
    """Anchors of every topic's chain at its second and at its fourth entry; a fifth has none."""
    for _ in range(2):
        await append(world)
        await anchored_now(world, tmp_path)
    await append(world, 1)
    return tmp_path


class Forger:
    """Who owns the database server, and knows how chains hang together: past triggers, with hashes that are right."""

    def __init__(self, connection: asyncpg.Connection, world: World) -> None:
        self.connection = connection
        self.topics = [topic.id for topic in world.topics]

    async def rehash(self, topic: object) -> None:
        """Number a topic's entries anew and compute every hash again, the head's too."""
        chain = await self.connection.fetchval("SELECT id FROM trace_chain WHERE topic_id = $1", topic)
        entries = await self.connection.fetch("SELECT * FROM trace_entry WHERE chain_id = $1 ORDER BY sequence", chain)
        previous = BEFORE_THE_FIRST
        for number, row in enumerate(entries, 1):
            link = Link(
                row["id"], f"topic_{topic}", number, row["at"], row["act"], row["actor"], row["actor_role"], None,
                row["summary"], json.loads(row["evidence"]), previous,
            )  # fmt: skip
            words = link.words()
            salts = {name: row[f"{name}_salt"] for name in words}
            committed = commitments(words, salts)
            digest = link.digest(committed)
            await self.connection.execute(
                "UPDATE trace_entry SET sequence = $2, previous_hash = $3, hash = $4, actor_commitment = $5, "
                "evidence_commitment = $6, summary_commitment = $7 WHERE id = $1",
                row["id"], number, previous, digest, *(committed[name] for name in ("actor", "evidence", "summary")),
            )  # fmt: skip
            previous = digest
        await self.connection.execute(
            "UPDATE trace_chain SET last_sequence = $2, last_hash = $3 WHERE id = $1", chain, len(entries), previous
        )

    async def on_entries(self, statement: str) -> None:
        """Change entries of the first topic, and make its chain whole again."""
        of = "chain_id = (SELECT id FROM trace_chain WHERE topic_id = $1)"
        await self.connection.execute(f"{statement} AND {of}", self.topics[0])
        await self.rehash(self.topics[0])

    async def drop(self, *topics: object) -> None:
        """Take whole chains away."""
        of = "SELECT id FROM trace_chain WHERE topic_id = ANY($1)"
        await self.connection.execute(f"DELETE FROM trace_entry WHERE chain_id IN ({of})", topics)
        await self.connection.execute("DELETE FROM trace_chain WHERE topic_id = ANY($1)", topics)

    async def swap(self) -> None:
        """Let the first two topics have each other's chain."""
        first, second, *_ = self.topics
        await self.connection.execute("ALTER TABLE trace_chain DROP CONSTRAINT uq_trace_chain_topic_id")
        await self.connection.execute(
            "UPDATE trace_chain SET topic_id = CASE topic_id WHEN $1 THEN $2 ELSE $1 END WHERE topic_id IN ($1, $2)",
            first, second,
        )  # fmt: skip
        await self.rehash(first)
        await self.rehash(second)


REWRITE = "UPDATE trace_entry SET summary = '改' WHERE sequence = {}"
REMOVE = "DELETE FROM trace_entry WHERE sequence {}"
NOT_THE_ONE = "entry {} is not the one that was anchored at "
GONE = "entry {}, which was anchored at "
CHAIN_GONE = "the whole chain is missing, which was anchored at "
FORGERIES: dict[str, tuple[Callable[[Forger], object], list[str]]] = {
    "rewritten": (lambda one: one.on_entries(REWRITE.format(1)), [NOT_THE_ONE.format(2)]),
    "rewritten later": (lambda one: one.on_entries(REWRITE.format(3)), [NOT_THE_ONE.format(4)]),
    "entry dropped": (lambda one: one.on_entries(REMOVE.format("= 3")), [NOT_THE_ONE.format(4)]),
    "first dropped": (lambda one: one.on_entries(REMOVE.format("= 1")), [NOT_THE_ONE.format(2)]),
    "cut at its end": (lambda one: one.on_entries(REMOVE.format("> 3")), [GONE.format(4)]),
    "cut far": (lambda one: one.on_entries(REMOVE.format("> 1")), [GONE.format(2)]),
    "emptied": (lambda one: one.on_entries(REMOVE.format("> 0")), [CHAIN_GONE]),
    "chain dropped": (lambda one: one.drop(one.topics[0]), [CHAIN_GONE]),
    "all dropped": (lambda one: one.drop(*one.topics), [CHAIN_GONE] * 3),
    "swapped": (lambda one: one.swap(), [NOT_THE_ONE.format(2)] * 2),
}


@pytest.mark.parametrize("kind", FORGERIES)
async def test_forgery_that_is_whole_in_itself_is_found_and_named(world: World, directory: Path, kind: str) -> None:
    forge, expected = FORGERIES[kind]
    connection = await asyncpg.connect(world.url, server_settings={"session_replication_role": "replica"})
    await connection.execute("ALTER TABLE trace_entry DROP CONSTRAINT uq_trace_entry_chain_id_sequence")
    await forge(Forger(connection, world))  # type: ignore[misc]
    await connection.close()
    async with world.db.write() as tx:
        assert [one.fault async for one in walk(tx) if one.fault is not None] == []
    async with world.db.write() as tx:
        found = [(chain, fault) async for chain, fault in compare(tx, told(directory))]
    assert [fault.startswith(start) for (_, fault), start in zip(found, expected, strict=True)] == [True] * len(found)
    ids = {node_id("topic", topic.id) for topic in world.topics}
    assert {chain for chain, _ in found} <= ids
    assert len(found) == 3 or node_id("topic", world.topics[0].id) in dict(found)


async def test_chains_that_went_on_are_as_they_were_anchored(world: World, directory: Path) -> None:
    await append(world)
    async with world.db.write() as tx:
        assert [one async for one in compare(tx, told(directory))] == []


async def test_anchor_has_only_the_heads_that_changed(world: World, directory: Path) -> None:
    anchor = await anchored_now(world, directory)
    assert (anchor.number, anchor.entries, len(anchor.heads)) == (3, 15, 3)
    assert await anchored_now(world, directory) == anchor
    async with world.db.write() as tx:
        act = Act(tx, ACTOR, SystemClock())
        await record(act, role=None, entry="test.done", summary="试", topic_id=world.topics[1].id)
    anchor = await anchored_now(world, directory)
    assert (anchor.number, [*anchor.heads], anchor.entries) == (4, [node_id("topic", world.topics[1].id)], 16)
    async with world.db.write() as tx:
        assert anchor.root == merkle_root(await heads(tx)).hex()
    assert stat.S_IMODE((directory / FILE).stat().st_mode) == 0o600


def changed(line: bytes, **fields: object) -> bytes:
    return json.dumps({**json.loads(line), **fields}).encode() + b"\n"


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (lambda lines: [changed(lines[0], entries=7), lines[1]], "Line 1 of the anchors is not signed"),
        (lambda lines: [lines[0], changed(lines[1], heads={})], "Line 2 of the anchors is not signed"),
        (lambda lines: [lines[0], changed(lines[1], root="00" * 32)], "Line 2 of the anchors is not signed"),
        (lambda lines: [lines[1]], "Anchor 2 does not follow anchor 0"),
        (lambda lines: [lines[1], lines[0]], "Anchor 2 does not follow anchor 0"),
        (lambda lines: [lines[0], lines[0], lines[1]], "Anchor 1 does not follow anchor 1"),
        (lambda lines: [lines[0], lines[1][:100]], "Line 2 of the anchors is no anchor"),
        (lambda lines: [b"{}\n", *lines], "Line 1 of the anchors is no anchor"),
    ],
)
async def test_anchors_that_were_forged_are_refused(
    directory: Path, world: World, forge: Callable[[list[bytes]], list[bytes]], fault: str
) -> None:
    file = directory / FILE
    file.write_bytes(b"".join(forge(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(AnchorsBroken, match=fault):
        told(directory)
    before = file.read_bytes()
    with pytest.raises(AnchorsBroken, match=fault):
        await anchored_now(world, directory)
    assert file.read_bytes() == before


def test_anchors_of_another_key_are_refused(directory: Path) -> None:
    with pytest.raises(AnchorsBroken, match="Line 1 of the anchors is not signed"):
        told(directory, Ed25519PrivateKey.generate())


async def test_relay_anchors_on_schedule_and_several_at_once(world: World, directory: Path) -> None:
    stop = asyncio.Event()
    keeping = [
        asyncio.create_task(keep_anchors(world.db, directory, KEY, clock=SystemClock(), stop=stop, every_s=0.05))
        for _ in range(3)
    ]

    async def reached() -> bool:
        last = told(directory).last
        return last is not None and last.entries == 15

    await until(reached, 20)
    stop.set()
    await asyncio.gather(*keeping)
    assert len((directory / FILE).read_bytes().splitlines()) == 3


async def test_relay_says_where_the_trace_is_not_as_it_was_anchored(world: World, directory: Path) -> None:
    await anchored_now(world, directory)
    connection = await asyncpg.connect(world.url, server_settings={"session_replication_role": "replica"})
    await Forger(connection, world).on_entries(REWRITE.format(5))
    await connection.close()
    before, stop = (directory / FILE).read_bytes(), asyncio.Event()
    with capture_logs() as logs:

        async def said() -> bool:
            return bool(logs)

        keeping = asyncio.create_task(
            keep_anchors(world.db, directory, KEY, clock=SystemClock(), stop=stop, every_s=0.05)
        )
        await until(said, 20)
        stop.set()
        await keeping
    assert logs[0] == {
        "event": "the trace is not as it was anchored",
        "fault": f"Entry 5 of {node_id('topic', world.topics[0].id)} is not the one that was anchored.",
        "log_level": "error",
    }
    assert (directory / FILE).read_bytes() == before


def test_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "anchor.pem"
    assert public_text(load_key(file)) == public_text(load_key(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "public.pem").write_text(public_text(load_key(file)))
    assert public_key(tmp_path / "public.pem") == load_key(file).public_key()
    for text, read in (("no key", load_key), ("no key", public_key)):
        (tmp_path / "none.pem").write_text(text)
        with pytest.raises(AnchorsBroken, match="key in PEM"):
            read(tmp_path / "none.pem")


def test_root_depends_on_every_head() -> None:
    some = {f"topic_{number}": (number, "ab" * 32) for number in range(1, 8)}
    roots = {merkle_root(some)}
    for chain, (sequence, digest) in some.items():
        roots |= {
            merkle_root({**some, chain: (sequence + 1, digest)}),
            merkle_root({**some, chain: (sequence, "cd" * 32)}),
            merkle_root({one: head for one, head in some.items() if one != chain}),
        }
    assert len(roots) == 1 + 3 * len(some)


async def test_commands_anchor_and_verify(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**servers.settings_of(world.url), "SHANGLIANG_STATE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    await append(world)

    async def said(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["trace", *arguments])
        return result.exit_code, result.stdout + result.stderr

    status, text = await said("anchor")
    assert (status, text[:11], "6 entries" in text) == (0, "anchor 1 at", True)
    (tmp_path / "public.pem").write_text((await said("key"))[1])
    verified = ("verify", "--anchors", str(tmp_path / "anchors"), "--key", str(tmp_path / "public.pem"))
    status, text = await said(*verified)
    assert (status, text.splitlines()[0]) == (0, "3 chains, 6 entries, 0 broken")
    assert text.splitlines()[1].startswith("1 anchors, the last at ")
    connection = await asyncpg.connect(world.url, server_settings={"session_replication_role": "replica"})
    await Forger(connection, world).drop(world.topics[2].id)
    await connection.close()
    status, text = await said(*verified)
    assert (status, "2 chains, 4 entries, 1 broken" in text) == (1, True)
    assert f"{node_id('topic', world.topics[2].id)}: {CHAIN_GONE}" in text
    assert (await said("verify"))[0] == 0
    assert await said("verify", "--anchors", "/nowhere") == (1, "/nowhere cannot be read: No such file or directory.\n")
