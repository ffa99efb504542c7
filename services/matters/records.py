"""Matters under lock, for the commands of this and of later rooms."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.core.actor import Actor, Role
from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.lifecycle import advance, check_version
from services.matters.models import Matter
from services.matters.rules import LIFECYCLE

STAFF = (Role.CADRE, Role.SECRETARIAT)


async def lock_matters(tx: WriteTx, ids: Sequence[UUID], *, path: str = "matter") -> list[Matter]:
    """Return the matters, each once, locked in primary-key order. Raises NotFound for the first missing."""
    rows = await tx.execute(
        select(Matter).where(Matter.id.in_(ids)).order_by(Matter.id).with_for_update()  # type: ignore[attr-defined, arg-type]
    )
    found: dict[UUID, Matter] = {matter.id: matter for matter in rows.scalars()}
    for key in ids:
        if key not in found:
            raise NotFound("matter", node_id("matter", key), path=(path,))
    return list(found.values())


async def guarded(tx: WriteTx, actor: Actor, matter_id: UUID, expected_version: int | None) -> Matter:
    """Return the matter, locked, for staff of its place who read its present version.

    Raises NotFound, Unauthenticated, Forbidden, VersionConflict.
    """
    (matter,) = await lock_matters(tx, [matter_id])
    actor.require(matter.division_number, *STAFF)
    check_version(expected_version, matter.version)
    return matter


def move(matter: Matter, action: str) -> None:
    """Take the matter one step along its lifecycle and count its version. Raises IllegalTransition."""
    matter.status = advance(LIFECYCLE, "matter", matter.status, action)
    matter.version += 1


def take_into(topic_id: UUID, matters: Sequence[Matter], actor: Actor) -> None:
    """The matters are listed as part of a topic. Raises Forbidden, IllegalTransition."""
    for matter in matters:
        actor.require(matter.division_number, *STAFF)
        move(matter, "list")
        matter.topic_id = topic_id


async def give_back(tx: WriteTx, topic_id: UUID) -> list[Matter]:
    """The matters of a topic that is withdrawn wait as accepted ones again. Returns them, locked."""
    rows = await tx.execute(
        select(Matter).where(Matter.topic_id == topic_id).order_by(Matter.id).with_for_update()  # type: ignore[arg-type]
    )
    matters: list[Matter] = list(rows.scalars())
    for matter in matters:
        move(matter, "give back")
        matter.topic_id = None
    return matters
