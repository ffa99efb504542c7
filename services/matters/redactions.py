"""What the public reads of a matter, and whether it sees it."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.corrections import NothingCorrected
from services.core.database import WriteTx
from services.matters.models import Matter
from services.matters.records import authorized_matter, trace_matter
from services.redactions.enums import RedactedField
from services.redactions.records import hide, redact, show, words_of
from services.search.records import keep_findable
from services.trace.acts import summary_of
from services.trace.models import TraceChain, TraceEntry

FIELDS = ("published_title", "published_description")
RAISED = "matter.raised"
"""The act whose summary has the matter's title."""


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
    Forbidden, VersionConflict, NothingCorrected, ConstraintViolated.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    now = await published_words(act.tx, matter)
    given = {RedactedField.TITLE: title and title.strip(), RedactedField.DESCRIPTION: description}
    words = {field: text for field, text in given.items() if text is not None and text != now[field]}
    if not words:
        raise NothingCorrected(FIELDS, path=FIELDS[title is None and description is not None])
    await redact(act, matter.id, words)
    stands = {**now, **words}
    await keep_findable(act.tx, matter.id, title=stands[RedactedField.TITLE], text=stands[RedactedField.DESCRIPTION])
    summary = summary_of(RAISED, {"title": stands[RedactedField.TITLE]})
    entries = select(col(TraceEntry.id)).join(TraceChain, col(TraceChain.id) == col(TraceEntry.chain_id))
    for entry in list(
        await act.tx.scalars(entries.where(col(TraceChain.matter_id) == matter.id, col(TraceEntry.act) == RAISED))
    ):
        await redact(act, entry, {RedactedField.SUMMARY: summary})
    matter.version += 1
    await trace_matter(act, matter, "matter.redacted", role=acting, reason=reason)
    return matter.id


async def hide_matter(act: Act, *, matter_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """Nobody but staff and whoever raised it sees the matter, whatever topic it is part of.

    Raises NotFound, Forbidden, VersionConflict, AlreadyHidden.
    """
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    await hide(act, matter.id, "matter")
    matter.version += 1
    await trace_matter(act, matter, "matter.hidden", role=acting, reason=reason)
    return matter.id


async def show_matter(act: Act, *, matter_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """The matter is seen again as others are. Raises NotFound, Forbidden, VersionConflict, NotHidden."""
    matter, acting = await authorized_matter(act, matter_id, expected_version)
    await show(act, matter.id, "matter")
    matter.version += 1
    await trace_matter(act, matter, "matter.shown", role=acting, reason=reason)
    return matter.id


async def published_words(tx: WriteTx, matter: Matter) -> dict[RedactedField, str]:
    """Return the title and the description that the public reads."""
    redacted = await words_of(tx, matter.id)
    return {
        RedactedField.TITLE: redacted.get(RedactedField.TITLE) or matter.title,
        RedactedField.DESCRIPTION: redacted.get(RedactedField.DESCRIPTION) or matter.description,
    }
