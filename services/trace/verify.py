"""Chains are walked and every hash is computed again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from services.core.ids import node_id
from services.core.transaction import WriteTx
from services.trace.acts import ERASED
from services.trace.rules import BEFORE_THE_FIRST, PLAIN_FORM, WORDS, ByWord, Link, erased, erasure

ENTRIES = text("""
SELECT coalesce(chain.id, entry.chain_id) AS chain_id, chain.topic_id, chain.matter_id, chain.last_sequence,
       chain.last_hash, topic.number, entry.id, entry.sequence, entry.at, entry.act, entry.actor, entry.actor_role,
       entry.subject_kind, entry.subject_id, entry.summary, entry.evidence, entry.previous_hash, entry.hash, entry.form,
       entry.actor_salt, entry.actor_commitment, entry.evidence_salt, entry.evidence_commitment, entry.summary_salt,
       entry.summary_commitment
FROM trace_chain AS chain FULL JOIN trace_entry AS entry ON entry.chain_id = chain.id
LEFT JOIN topic ON topic.id = chain.topic_id
WHERE CAST(:topic AS text) IS NULL OR topic.number = :topic
ORDER BY coalesce(chain.id, entry.chain_id), entry.sequence
""").execution_options(yield_per=5_000)


@dataclass(slots=True)
class Walked:
    """A chain as far as it was walked: what of, how many entries it has, and what is wrong with it first.

    `erased` are those that had words erased.
    """

    chain: str
    entries: int = 0
    erased: int = 0
    fault: str | None = None


async def walk(tx: WriteTx, *, topic: str | None = None) -> AsyncIterator[Walked]:
    """Give every chain, or that of the topic with a number, walked to its end; rows are read as they are needed."""
    await tx.take_time()
    walker: Walker | None = None
    async for row in await tx.stream(ENTRIES, {"topic": topic}):
        if walker is None or walker.chain_id != row.chain_id:
            if walker is not None:
                yield walker.end()
            walker = Walker(row)
        walker.pass_by(row)
    if walker is not None:
        yield walker.end()


class Walker:
    """Walks one chain. Of what it finds wrong it tells the first."""

    def __init__(self, row: Row[Any]) -> None:
        self.chain_id = row.chain_id
        self._head = (row.last_sequence, row.last_hash)
        self._reached = (0, BEFORE_THE_FIRST)
        self._walked = Walked(row.number or chain_of(row))
        self._untold = dict[str, tuple[int, str]]()
        if row.last_sequence is None:
            self._tell(f"the head of chain {row.chain_id} is missing")

    def _tell(self, fault: str) -> None:
        self._walked.fault = self._walked.fault or fault

    def pass_by(self, row: Row[Any]) -> None:
        """Look at the next entry; a chain without one gives a row of nulls."""
        if row.id is None:
            return
        sequence, previous = self._reached
        if row.sequence != sequence + 1:
            self._tell(f"entry {sequence + 1} is missing")
        elif not self._is_whole(row):
            self._tell(f"entry {row.sequence} is not what was recorded")
        elif row.previous_hash != previous:
            self._tell(f"entry {row.sequence} does not follow the entry before it")
        self._reached = (row.sequence, row.hash)
        self._walked.entries += 1

    def _is_whole(self, row: Row[Any]) -> bool:
        """Tell whether an entry's hash is that of what it says, as far as it still says it."""
        link, salts, committed = link_of(row), kept(row, "salt"), kept(row, "commitment")
        try:
            if row.form == PLAIN_FORM and not any(committed.values()):
                return bool(link.digest(None) == row.hash)
            digest = link.digest(committed)
            self._look_for_erasure(row, digest, is_erased=erased(committed, salts))
            if row.form == PLAIN_FORM:
                return erased(committed, salts) and link.opens(committed, salts)
            return bool(digest == row.hash) and link.opens(committed, salts)
        except (TypeError, ValueError, OverflowError, AttributeError):
            # A number, an instant or evidence that nothing here could have recorded.
            return False

    def _look_for_erasure(self, row: Row[Any], digest: bytes, *, is_erased: bool) -> None:
        """Keep that an entry had words erased, until a later one tells so."""
        if is_erased:
            named = erasure(row.id, digest)
            self._untold[named["url"]] = (row.sequence, named["sha256"])
            self._walked.erased += 1
        if row.act == ERASED:
            for one in row.evidence:
                if self._untold.get(one["url"], (0, ""))[1] == one["sha256"]:
                    del self._untold[one["url"]]

    def end(self) -> Walked:
        """Return what was found, the chain's head included."""
        last, reached = self._head[0], self._reached[0]
        if last is not None and last > reached:
            self._tell(f"entry {reached + 1} is missing at the end")
        elif self._head != self._reached:
            self._tell(f"its head is not entry {reached}")
        for sequence, _ in self._untold.values():
            self._tell(f"entry {sequence} had words erased, and no later entry tells so")
        return self._walked


def kept(row: Row[Any], part: str) -> ByWord:
    """Return an entry's salts or commitments by its words."""
    return {name: getattr(row, f"{name}_{part}") for name in WORDS}


def chain_of(row: Row[Any]) -> str:
    """Return the global id of what an entry's chain is of."""
    return node_id("matter", row.matter_id) if row.matter_id else node_id("topic", row.topic_id)


def link_of(row: Row[Any]) -> Link:
    """Return what a row of the trace says."""
    return Link(
        id=row.id,
        chain=chain_of(row),
        sequence=row.sequence,
        at=row.at,
        act=row.act,
        actor=row.actor,
        actor_role=row.actor_role,
        subject=node_id(row.subject_kind, row.subject_id) if row.subject_kind else None,
        summary=row.summary,
        evidence=row.evidence,
        previous_hash=row.previous_hash,
    )
