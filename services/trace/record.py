from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import insert, text

from services.core.act import Act
from services.core.actor import Role
from services.core.errors import NotFound
from services.core.ids import new_id, node_id
from services.trace.models import TraceEntry
from services.trace.rules import SYSTEM, Link

HEAD = text("SELECT id, last_sequence, last_hash FROM trace_head(:topic, :matter, :begun)")
"""The head of a chain, locked. The database takes it forward with the entry, and nobody may write it otherwise."""


class Document(Protocol):
    """What an act rests on: a document's address and its SHA-256."""

    @property
    def url(self) -> str:
        """Return where it is."""

    @property
    def sha256(self) -> str | None:
        """Return its digest as 64 lower-case hexadecimal digits, where it is known."""


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
) -> None:
    """Append an entry, called `entry`, to the chain of the topic or of the matter, in the caller's transaction.

    `role` is the one in which the actor acted, None where the system did. The number in the chain is taken under a row
    lock held to commit, so that commit order is the chain's order; a chain is locked after all else of its topic.
    Raises NotFound for the topic or the matter.
    """
    kind, key = _chain(topic_id, matter_id)
    await act.tx.flush()
    begun = {"topic": topic_id, "matter": matter_id, "begun": new_id()}
    head = (await act.tx.execute(HEAD, begun)).one_or_none()
    if head is None:
        raise NotFound(kind, node_id(kind, key), path=(kind,))
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
    subject_kind, subject_id = subject or (None, None)
    await act.tx.execute(
        insert(TraceEntry).values(
            id=link.id,
            chain_id=head.id,
            sequence=link.sequence,
            at=link.at,
            act=link.act,
            actor=link.actor,
            actor_role=link.actor_role,
            subject_kind=subject_kind,
            subject_id=subject_id,
            summary=link.summary,
            evidence=link.evidence,
            previous_hash=link.previous_hash,
            hash=link.digest(),
        )
    )


def _chain(topic_id: UUID | None, matter_id: UUID | None) -> tuple[str, UUID]:
    """Return what the chain is of. Raises TypeError where it is not one thing."""
    if topic_id is not None and matter_id is None:
        return "topic", topic_id
    if matter_id is not None and topic_id is None:
        return "matter", matter_id
    raise TypeError("An act stands in the chain of one topic or of one matter.")
