"""What the public reads of a matter, and whether it sees it."""

from uuid import UUID

from services.core.act import Act
from services.matters.records import authorized_matter, trace_matter
from services.redactions.records import hide, redact, show
from services.search.records import keep_findable
from services.trace.acts import ACTS
from services.trace.redactions import retell


async def redact_matter(  # noqa: PLR0913 -- the words of a matter
    act: Act,
    *,
    matter_id: UUID,
    reason: str,
    title: str | None,
    description: str | None,
    expected_version: int | None,
) -> UUID:
    """Everybody but staff and whoever raised it reads other words of the matter; what is None stays as it is.

    It is found by the new words and no longer by the old ones, and its trace has the new title. Raises NotFound,
    Forbidden, VersionConflict, NothingToRedact, NothingCorrected, ConstraintViolated.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    given = {"title": title, "description": description}
    stands = await redact(act, matter, given)
    await keep_findable(act.tx, matter.id, title=stands["title"], text=stands["description"])
    matter.version += 1
    await trace_matter(act, matter, "matter.redacted", role=acting, reason=reason)
    await retell(act, ("matter", matter.id), ACTS, matter_id=matter.id)
    return matter.id


async def hide_matter(act: Act, *, matter_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """Nobody but staff and whoever raised it sees the matter, whatever topic it is part of.

    Raises NotFound, Forbidden, VersionConflict, AlreadyHidden.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    await hide(act, matter, "matter")
    matter.version += 1
    await trace_matter(act, matter, "matter.hidden", role=acting, reason=reason)
    return matter.id


async def show_matter(act: Act, *, matter_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """The matter is seen again as others are. Raises NotFound, Forbidden, VersionConflict, NotHidden."""
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    await show(act, matter, "matter")
    matter.version += 1
    await trace_matter(act, matter, "matter.shown", role=acting, reason=reason)
    return matter.id
