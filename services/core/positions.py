"""Positions in PostgreSQL's log of transactions: what a request has to see at least, and what it wrote.

One is written as PostgreSQL writes it, `16/B374D848`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

WRITTEN = re.compile(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})", re.ASCII)
HALF = 32
"""Bits of each of its two numbers."""
COMMITTED = """
SELECT CASE current_setting('synchronous_commit')
    WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END
"""
"""Gives, sent behind a commit, a position at which its transaction is seen."""


@dataclass(slots=True)
class Following:
    """How far the log of transactions is followed by a request."""

    seen: int = 0
    """The position that its reads have to have reached."""
    written: int = 0
    """That of its last commit; 0 where it wrote nothing."""


FOLLOWING: ContextVar[Following | None] = ContextVar("following", default=None)


def position_of(text: str) -> int:
    """Return the position that a text tells. Raises ValueError for a text that is none."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a position as 16/B374D848.")
    return int(found[1], 16) << HALF | int(found[2], 16)


def told(position: int) -> str:
    """Return a position as it is written."""
    return f"{position >> HALF:X}/{position & ((1 << HALF) - 1):X}"


@contextmanager
def following(seen: int) -> Iterator[Following]:
    """Let what a block, and tasks begun in it, read have reached a position, and note what it writes."""
    found = Following(seen)
    token = FOLLOWING.set(found)
    try:
        yield found
    finally:
        FOLLOWING.reset(token)


def to_see() -> int:
    """Return the position that a read of the present request has to have reached; 0 for any."""
    found = FOLLOWING.get()
    return 0 if found is None else found.seen


def note_commit(position: int | None) -> None:
    """Note what the present request wrote; what it reads from now on sees it."""
    found = FOLLOWING.get()
    if found is not None and position is not None:
        found.written = max(found.written, position)
        found.seen = max(found.seen, position)
