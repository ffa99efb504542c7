"""How entries of the trace hang together."""

import hashlib
import re
import secrets
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

PLAIN_FORM, COMMITTED_FORM = 1, 2
"""What an entry's hash covers: its words themselves, or commitments to them."""
SALT_BYTES = 32
ERASED_WORDS = "(已删除)"
"""What stands in the place of words that were erased."""
ERASED_PERSON = re.compile(r"erased:[0-9a-f]{32}")
"""What stands in the place of who somebody was."""

WORDS = ("actor", "evidence", "summary")
"""What of an entry may have to be erased: each has a commitment and, until then, a salt."""
ByWord = Mapping[str, bytes | None]
"""By WORDS: the words as bytes, their salts or the commitments to them."""


def commitment(salt: bytes, words: bytes) -> bytes:
    """Return what binds to words and, once the salt is gone, tells nothing of them."""
    return hashlib.sha256(salt + words).digest()


def fresh_salts(words: ByWord) -> ByWord:
    """Return a random salt for each of the words that are there."""
    return {name: None if said is None else secrets.token_bytes(SALT_BYTES) for name, said in words.items()}


def commitments(words: ByWord, salts: ByWord) -> ByWord:
    """Return the commitments to words by their salts."""
    return {
        name: None if said is None or (salt := salts[name]) is None else commitment(salt, said)
        for name, said in words.items()
    }


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

    def words(self) -> ByWord:
        """Return what may have to be erased, as it is committed to: text in UTF-8, evidence as canonical JSON."""
        return {
            "actor": None if self.actor is None else self.actor.encode(),
            "evidence": orjson.dumps(self.evidence, option=CANONICAL) if self.evidence else None,
            "summary": self.summary.encode(),
        }

    def canonical(self, committed: ByWord | None) -> bytes:
        """Return the one serialisation of the entry: canonical JSON (RFC 8785) of texts, whole numbers and nulls.

        Without commitments it is the first form. The instant is text as in RFC 3339, in UTC with Z, its second with six
        decimals, or none where they are zeros.
        """
        said = {
            "act": self.act,
            "actor_role": self.actor_role,
            "at": self.at.astimezone(UTC),
            "chain": self.chain,
            "id": str(self.id),
            "previous_hash": self.previous_hash.hex(),
            "sequence": self.sequence,
            "subject": self.subject,
        }
        if committed is None:
            said |= {"actor": self.actor, "evidence": self.evidence, "summary": self.summary}
        else:
            said |= {name: None if digest is None else digest.hex() for name, digest in committed.items()}
            said["form"] = COMMITTED_FORM
        return orjson.dumps(said, option=CANONICAL)

    def digest(self, committed: ByWord | None) -> bytes:
        """Return the entry's SHA-256, in the first form without commitments."""
        return hashlib.sha256(self.canonical(committed)).digest()

    def opens(self, committed: ByWord, salts: ByWord) -> bool:
        """Tell whether the words are those committed to; what has no salt any more has to be marked as erased."""
        marked = {
            "actor": self.actor is not None and ERASED_PERSON.fullmatch(self.actor) is not None,
            "evidence": not self.evidence,
            "summary": self.summary == ERASED_WORDS,
        }
        return all(
            marked[name] if is_erased(committed[name], salts[name]) else committed[name] == digest
            for name, digest in commitments(self.words(), salts).items()
        )


def is_erased(digest: bytes | None, salt: bytes | None) -> bool:
    """Tell whether words were committed to that are no longer there."""
    return digest is not None and salt is None


def erased(committed: ByWord, salts: ByWord) -> bool:
    """Tell whether an entry had any of its words erased."""
    return any(is_erased(committed[name], salts[name]) for name in committed)


def erasure(entry_id: UUID, digest: bytes) -> dict[str, str]:
    """Return how the entry that tells of an erasure names one that had words erased, and its second form's hash."""
    return {"url": entry_id.urn, "sha256": digest.hex()}
