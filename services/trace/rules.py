"""How entries of the trace hang together."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import orjson

BEFORE_THE_FIRST = bytes(32)
"""What stands for the hash before a chain's first entry."""

CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z

SYSTEM = "SYSTEM"
"""The role of what the system does by itself."""


class Link(NamedTuple):
    """All that an entry says, and the hash of the entry before it; chain and subject are global ids."""

    id: UUID
    chain: str
    sequence: int
    at: datetime
    act: str
    actor: str | None
    actor_role: str
    subject: str | None
    summary: str
    evidence: Sequence[Mapping[str, str | None]]
    previous_hash: bytes

    def canonical(self) -> bytes:
        """Return the one serialisation of the entry: canonical JSON (RFC 8785) of texts, whole numbers and nulls.

        The instant is text as in RFC 3339, in UTC with Z, its second with six decimals, or none where they are zeros.
        """
        said = {
            "act": self.act,
            "actor": self.actor,
            "actor_role": self.actor_role,
            "at": self.at.astimezone(UTC),
            "chain": self.chain,
            "evidence": self.evidence,
            "id": str(self.id),
            "previous_hash": self.previous_hash.hex(),
            "sequence": self.sequence,
            "subject": self.subject,
            "summary": self.summary,
        }
        return orjson.dumps(said, option=CANONICAL)

    def digest(self) -> bytes:
        """Return the entry's SHA-256."""
        return hashlib.sha256(self.canonical()).digest()
