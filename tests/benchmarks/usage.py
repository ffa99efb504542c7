"""Processor time of processes, as /proc counts it."""

import os
import time
from pathlib import Path

import asyncpg

_PROC = Path("/proc")
_TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)
_IDLE_S = 0.1
_MOST_S = 60.0


def _stat(pid: int) -> list[str]:
    """Return the words after the process's name; none where it is gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def parent(pid: int) -> int:
    """Return the parent's id; 0 where the process is gone."""
    words = _stat(pid)
    return int(words[_PARENT]) if words else 0


def used_us(root: int | None) -> int:
    """Return the microseconds that a process, its children so far and their children have used; 0 for none."""
    if root is None:
        return 0
    stats = {int(entry.name): _stat(int(entry.name)) for entry in _PROC.iterdir() if entry.name.isdigit()}
    total, tree = 0, [root]
    while tree:
        pid = tree.pop()
        words = stats.get(pid)
        if words:
            total += sum(int(word) for word in words[_TIMES])
            tree += [child for child, child_words in stats.items() if child_words and int(child_words[_PARENT]) == pid]
    return total * _TICK_US


def wait_idle(*roots: int | None) -> None:
    """Return when the processes have come to rest: a server goes on with requests whose clients are gone."""
    deadline = time.monotonic() + _MOST_S
    before = [used_us(root) for root in roots]
    while time.monotonic() < deadline:
        time.sleep(_IDLE_S)
        now = [used_us(root) for root in roots]
        if all(later - earlier <= 2 * _TICK_US for earlier, later in zip(before, now, strict=True)):
            return
        before = now


async def server_process(url: str) -> int | None:
    """Return the process of a PostgreSQL server whose children serve its connections; None on another machine."""
    connection = await asyncpg.connect(url)
    try:
        backend: int = await connection.fetchval("SELECT pg_backend_pid()")
        return parent(backend) if _is_postgres(backend) else None
    finally:
        await connection.close()


def _is_postgres(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "comm").read_text().startswith("postgres")
    except OSError:
        return False
