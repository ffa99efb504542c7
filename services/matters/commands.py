from uuid import UUID

from services.core.actor import Actor
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.matters.enums import Category, MatterNature, MatterStatus, ParticipantRole
from services.matters.models import Matter
from services.matters.parts import part_at
from services.matters.records import guarded, keep, move
from services.platforms.records import open_platform_by_id
from services.search.enums import SearchKind
from services.search.records import make_findable


async def raise_matter(  # noqa: PLR0913 -- the facts of a matter
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    platform_id: UUID,
    title: str,
    description: str,
    category: Category,
    nature: MatterNature | None,
    raised_by: ParticipantRole | None,
) -> UUID:
    """A matter stands raised at an open platform, in a part that the caller's grants give them there.

    Returns its id. Raises NotFound for the platform, Unauthenticated, Forbidden, PartNotHeld, PlatformClosed.
    """
    platform = await open_platform_by_id(tx, platform_id, today=china_day(clock.now()))
    role, part = await part_at(tx, actor, platform.division_number, raised_by)
    matter = Matter(
        title=title,
        description=description,
        nature=nature,
        raised_by=part,
        subject=actor.subject,
        raised_at=clock.now(),
        platform_id=platform.id,
        division_number=platform.division_number,
        category=category,
        status=MatterStatus.RAISED,
    )
    tx.add(matter)
    make_findable(
        tx,
        SearchKind.MATTER,
        matter.id,
        division_number=matter.division_number,
        title=matter.title,
        text=matter.description,
    )
    await keep(tx, matter, "matter.raised", actor=actor, role=role, clock=clock)
    return matter.id


async def accept_matter(
    *, tx: WriteTx, actor: Actor, clock: Clock, matter_id: UUID, expected_version: int | None
) -> UUID:
    """The staff of the place take the matter up. Raises NotFound, Forbidden, VersionConflict, IllegalTransition."""
    matter, acting = await guarded(tx, actor, matter_id, expected_version)
    move(matter, "accept")
    matter.accepted_at = clock.now()
    await keep(tx, matter, "matter.accepted", actor=actor, role=acting, clock=clock)
    return matter.id


async def answer_matter(  # noqa: PLR0913 -- the facts of an answer
    *, tx: WriteTx, actor: Actor, clock: Clock, matter_id: UUID, answer: str, expected_version: int | None
) -> UUID:
    """The matter is answered without becoming a topic.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    matter, acting = await guarded(tx, actor, matter_id, expected_version)
    move(matter, "answer")
    _reply(matter, answer, clock)
    await keep(tx, matter, "matter.answered", actor=actor, role=acting, clock=clock)
    return matter.id


async def decline_matter(  # noqa: PLR0913 -- the facts of a refusal
    *, tx: WriteTx, actor: Actor, clock: Clock, matter_id: UUID, reason: str, expected_version: int | None
) -> UUID:
    """The matter is declined, and its answer says why.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    matter, acting = await guarded(tx, actor, matter_id, expected_version)
    move(matter, "decline")
    _reply(matter, reason, clock)
    await keep(tx, matter, "matter.declined", actor=actor, role=acting, clock=clock)
    return matter.id


def _reply(matter: Matter, text: str, clock: Clock) -> None:
    """Keep what whoever raised the matter is told."""
    matter.answer = text
    matter.answered_at = clock.now()
