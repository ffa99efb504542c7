from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.errors import NotFound
from services.core.ids import new_id, node_id
from services.core.transaction import WriteTx
from services.trace.models import TraceChain, TraceEntry
from services.trace.rules import COMMITTED_FORM, SYSTEM, Link, commitments, fresh_salts

HEAD = text("SELECT id, last_sequence, last_hash FROM trace_head(:topic, :matter, :begun)")
"""The head of a chain, locked. The database takes it forward with the entry, and nobody may write it otherwise."""


@dataclass(frozen=True, slots=True)
class Head:
    """A chain, and the entry that the next one follows."""

    id: UUID
    last_sequence: int = 0
    last_hash: bytes = bytes(32)


class Document(Protocol):
    """What an act rests on: a document's address and its SHA-256."""

    @property
    def url(self) -> str:
        """Return where it is."""

    @property
    def sha256(self) -> str | None:
        """Return its digest as 64 lower-case hexadecimal digits, where it is known."""


async def head_of(tx: WriteTx, *, topic_id: UUID | None = None, matter_id: UUID | None = None) -> Head:
    """Return the head of the chain of the topic or of the matter, locked to commit. Raises NotFound for these."""
    found = await tx.run(HEAD, {"topic": topic_id, "matter": matter_id, "begun": new_id()})
    if not found:
        kind, key = _chain(topic_id, matter_id)
        raise NotFound(kind, node_id(kind, key), path=(kind,))
    (head,) = found
    return Head(head.id, head.last_sequence, head.last_hash)


async def begun_chain(tx: WriteTx, *, topic_id: UUID | None = None, matter_id: UUID | None = None) -> Head:
    """Return the head of the chain of a topic or a matter that this transaction has made."""
    head = Head(new_id())
    await tx.defer(HEAD, {"topic": topic_id, "matter": matter_id, "begun": head.id})
    return head


async def record(  # noqa: PLR0913 -- what an entry says
    act: Act,
    *,
    role: Role | None,
    entry: str,
    summary: str,
    subject: tuple[str, UUID] | None = None,
    topic_id: UUID | None = None,
    matter_id: UUID | None = None,
    evidence: Sequence[Document] = (),
    head: Head | None = None,
) -> None:
    """Append an entry, called `entry`, to the chain of the topic or of the matter, in the caller's transaction.

    `role` is the one in which the actor acted, None where the system did. The number in the chain is taken under a row
    lock held to commit, so that commit order is the chain's order; a chain is locked after its topic. `head` is the
    chain's where the caller has it. Raises NotFound for the topic or the matter.
    """
    kind, key = _chain(topic_id, matter_id)
    head = head or await head_of(act.tx, topic_id=topic_id, matter_id=matter_id)
    link = Link(
        id=new_id(),
        chain=node_id(kind, key),
        sequence=head.last_sequence + 1,
        at=act.now(),
        act=entry,
        actor=act.actor.subject,
        actor_role=role.value if role else SYSTEM,
        subject=node_id(*subject) if subject else None,
        summary=summary,
        evidence=[{"url": one.url, "sha256": one.sha256} for one in evidence],
        previous_hash=head.last_hash,
    )
    salts = fresh_salts(link.words())
    committed = commitments(link.words(), salts)
    subject_kind, subject_id = subject or (None, None)
    await act.tx.insert(
        TraceEntry,
        {
            "id": link.id,
            "chain_id": head.id,
            "sequence": link.sequence,
            "at": link.at,
            "act": link.act,
            "actor": link.actor,
            "actor_role": link.actor_role,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "summary": link.summary,
            "evidence": link.evidence,
            "previous_hash": link.previous_hash,
            "hash": link.digest(committed),
            "form": COMMITTED_FORM,
            **{f"{name}_salt": salt for name, salt in salts.items()},
            **{f"{name}_commitment": digest for name, digest in committed.items()},
        },
    )


async def chains_of(tx: WriteTx, entries: Collection[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """Return by the keys of entries what their chains are of: the kind and the key of a topic or a matter."""
    chain = col(TraceChain.id) == col(TraceEntry.chain_id)
    found = await tx.execute(
        select(col(TraceEntry.id), col(TraceChain.topic_id), col(TraceChain.matter_id))
        .join(TraceChain, chain)
        .where(col(TraceEntry.id).in_(entries))
    )
    return {row.id: _chain(row.topic_id, row.matter_id) for row in found}


def _chain(topic_id: UUID | None, matter_id: UUID | None) -> tuple[str, UUID]:
    """Return what the chain is of. Raises TypeError where it is not one thing."""
    if topic_id is not None and matter_id is None:
        return "topic", topic_id
    if matter_id is not None and topic_id is None:
        return "matter", matter_id
    raise TypeError("An act stands in the chain of one topic or of one matter.")
