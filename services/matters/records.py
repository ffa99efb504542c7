"""Matters under lock, for the commands of this and of later rooms."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.lifecycle import advance, check_version
from services.core.lookup import lock_rows
from services.core.transaction import WriteTx
from services.matters.models import Matter
from services.matters.rules import LIFECYCLE
from services.trace.acts import summary_of
from services.trace.record import begun_chain, record


async def lock_matters(tx: WriteTx, ids: Sequence[UUID], *, path: str = "matter") -> list[Matter]:
    """Return the matters, each once, locked in primary-key order. Raises NotFound for the first missing."""
    return list((await lock_rows(tx, Matter, ids, "matter", path)).values())


async def authorized_matter(act: Act, matter_id: UUID, expected_version: int | None) -> tuple[Matter, Role]:
    """Return the matter, locked, for staff of its place who read its present version, and the role they act in.

    Raises NotFound, Unauthenticated, Forbidden, VersionConflict.
    """
    (matter,) = await lock_matters(act.tx, [matter_id])
    acting = act.actor.require(matter.division_number, *ACTS)
    check_version(expected_version, matter.version)
    return matter, acting


def move(matter: Matter, action: str) -> None:
    """Take the matter one step along its lifecycle and count its version. Raises IllegalTransition."""
    matter.status = advance(LIFECYCLE, "matter", matter.status, action)
    matter.version += 1


async def trace_matter(  # noqa: PLR0913 -- what an entry is made of
    act: Act,
    matter: Matter,
    entry: str,
    *,
    role: Role,
    subject: tuple[str, UUID] | None = None,
    begins: bool = False,
    **facts: object,
) -> None:
    """Record an act in the matter's trace, which begins with it where that is said.

    Its subject is the matter where no other is given.
    """
    await record(
        act,
        role=role,
        entry=entry,
        summary=summary_of(entry, {"title": matter.title, **facts}),
        subject=subject or ("matter", matter.id),
        matter_id=matter.id,
        head=await begun_chain(act.tx, matter_id=matter.id) if begins else None,
    )


async def give_back(act: Act, topic_id: UUID, *, role: Role) -> None:
    """The matters of a topic that is withdrawn wait as accepted ones again."""
    rows = await act.tx.scalars(
        select(Matter).where(col(Matter.topic_id) == topic_id).order_by(col(Matter.id)).with_for_update()
    )
    for matter in list(rows):
        move(matter, "give back")
        matter.topic_id = None
        await trace_matter(act, matter, "matter.returned", role=role, subject=("topic", topic_id))
