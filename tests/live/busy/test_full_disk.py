"""A disk without room: what writes is told so, what reads goes on, and with room all is well again."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from deploy.servers.place import find_place
from services.core.tokens import LocalIssuer
from tests.live.busy.ground import Ground, Told, as_superuser, fresh_directory, ground, keep_asking, measured, slowest

MEGABYTES = 400
ROOM_BYTES = 1 << 16
"""What may stay free of a full disk: less than a table grows by at once."""
WORDS = "水" * 5_000


@contextmanager
def disk(directory: Path) -> Iterator[Path]:
    """Mount a small disk, in memory, where root may."""
    directory.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=711", "tmpfs", str(directory)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:  # noqa: S603 -- a constant command
        pytest.skip("a small disk is root's to mount")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)  # noqa: S603, S607 -- as above


def fill(directory: Path) -> Path:
    """Leave no room on a disk; the file that has it can be removed."""
    filler = directory / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(ROOM_BYTES))
    return filler


def beside(directory: Path, other: Path) -> None:
    """Move a stopped server's log of transactions to another disk."""
    log = find_place(directory) / "data" / "pg_wal"
    moved = other / "pg_wal"
    shutil.copytree(log, moved)
    owner = log.stat()
    for path in (moved, *moved.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    shutil.rmtree(log)
    log.symlink_to(moved)


async def write_on(own: Ground) -> None:
    """Write until the server ends the connection."""
    async with as_superuser(own) as administrator:
        while True:
            await administrator.execute("SELECT pg_switch_wal()")
            await administrator.execute("CREATE TABLE grows AS SELECT generate_series(1, 1000); DROP TABLE grows")


@pytest.fixture
def small() -> Iterator[Path]:
    with disk(fresh_directory()) as made:
        yield made


async def asked_until(own: Ground, holds: Callable[[Told], bool], most: int = 400) -> list[Told]:
    """Propose long topics until an answer is as wanted, at most so many."""
    told: list[Told] = []
    while len(told) < most:
        told.append((await own.propose(summary=WORDS)).check())
        if holds(told[-1]):
            return told
    raise AssertionError(told[-1])


async def test_a_table_that_cannot_grow_refuses_what_writes_and_answers_what_reads(
    small: Path, key: Path, issuer: LocalIssuer
) -> None:
    elsewhere = fresh_directory()
    elsewhere.mkdir(mode=0o711)
    async with ground(small / "postgres", key, issuer, moved=lambda server: beside(server, elsewhere)) as own:
        assert (await own.propose()).done
        filler = fill(small)
        await asked_until(own, lambda one: not one.done)
        answers = await keep_asking([lambda: own.propose(summary=WORDS)], for_s=2, every_s=0.1)
        reads = await keep_asking([own.read, own.read_anew], for_s=2, every_s=0.1)
        filler.unlink()
        well_s = await own.well_after_s()
        refused = sum(not one.check().done for one in answers)
        measured(
            f"tables without room: {refused} of {len(answers)} mutations refused, {slowest(answers)}; "
            f"{len(reads)} reads, {slowest(reads)}; well after {well_s:.2f} s"
        )
        assert refused
        assert all(one.done for one in reads)
        await own.repeat()


async def test_a_log_of_transactions_that_cannot_grow_ends_the_server_and_the_service_comes_back(
    small: Path, key: Path, issuer: LocalIssuer
) -> None:
    """PostgreSQL panics. Where it cannot start again without room, whoever runs it does that afterwards."""
    async with ground(fresh_directory(), key, issuer, moved=lambda server: beside(server, small)) as own:
        assert (await own.propose()).done
        filler = fill(small)
        asking = asyncio.create_task(keep_asking([own.read, own.read_anew, own.propose], for_s=6, every_s=0.1))
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await write_on(own)
        answers = [one.check() for one in await asking]
        alive = own.server.pid is not None
        filler.unlink()
        if not alive:
            await asyncio.to_thread(own.server.stop)
            await asyncio.to_thread(own.server.start)
        well_s = await own.well_after_s()
        refused = sum(not one.done for one in answers)
        measured(
            f"log without room: the server {'stays' if alive else 'ended'}; {refused} of {len(answers)} refused, "
            f"{slowest(answers)}; well after {well_s:.2f} s"
        )
        assert "PANIC" in own.server.log_file.read_text()
        await own.repeat()
