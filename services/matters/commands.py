from uuid import UUID

from services.core.act import Act
from services.matters.enums import Category, MatterNature, MatterStatus, ParticipantRole
from services.matters.models import Matter
from services.matters.parts import part_at
from services.matters.records import authorized_matter, move, trace_matter
from services.platforms.records import open_platform_by_id
from services.search.enums import SearchKind
from services.search.records import make_findable


async def raise_matter(  # noqa: PLR0913 -- the facts of a matter
    act: Act,
    *,
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
    platform = await open_platform_by_id(act.tx, platform_id, today=act.today())
    role, part = await part_at(act, platform.division_number, raised_by)
    matter = Matter(
        title=title,
        description=description,
        nature=nature,
        raised_by=part,
        subject=act.actor.subject,
        raised_at=act.now(),
        platform_id=platform.id,
        division_number=platform.division_number,
        category=category,
        status=MatterStatus.RAISED,
    )
    act.tx.add(matter)
    await make_findable(
        act.tx,
        SearchKind.MATTER,
        matter.id,
        division_number=matter.division_number,
        title=matter.title,
        text=matter.description,
    )
    await trace_matter(act, matter, "matter.raised", role=role, begins=True)
    return matter.id


async def accept_matter(act: Act, *, matter_id: UUID, expected_version: int | None) -> UUID:
    """The staff of the place take the matter up. Raises NotFound, Forbidden, VersionConflict, IllegalTransition."""
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    move(matter, "accept")
    matter.accepted_at = act.now()
    await trace_matter(act, matter, "matter.accepted", role=acting)
    return matter.id


async def answer_matter(act: Act, *, matter_id: UUID, answer: str, expected_version: int | None) -> UUID:
    """The matter is answered without becoming a topic.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    move(matter, "answer")
    matter.answer, matter.answered_at = answer, act.now()
    await trace_matter(act, matter, "matter.answered", role=acting)
    return matter.id


async def decline_matter(act: Act, *, matter_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """The matter is declined, and its answer says why.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    move(matter, "decline")
    matter.answer, matter.answered_at = reason, act.now()
    await trace_matter(act, matter, "matter.declined", role=acting)
    return matter.id
