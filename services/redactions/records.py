"""Redactions, for the commands of the rooms whose things are redacted. The thing is locked by the caller."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.core.act import Act
from services.core.database import WriteTx
from services.redactions.enums import RedactedField
from services.redactions.errors import AlreadyHidden, NotHidden
from services.redactions.models import Redaction

WITHHELD = "(已隐去)"
"""What the public reads where a text was taken away whole."""


async def redact(act: Act, thing_id: UUID, words: Mapping[RedactedField, str | None]) -> None:
    """The public reads these words in place of the thing's, at every instant that it asks for."""
    for field, text in words.items():
        values = {"words": text, "redacted_at": act.now()}
        statement = insert(Redaction).values(thing_id=thing_id, field=field, **values)
        await act.tx.execute(statement.on_conflict_do_update(constraint="pk_redaction", set_=values))


async def words_of(tx: WriteTx, thing_id: UUID) -> Mapping[RedactedField, str | None]:
    """Return what the public reads in place of the thing's words, by field."""
    rows = await tx.execute(
        select(col(Redaction.field), col(Redaction.words)).where(col(Redaction.thing_id) == thing_id)
    )
    return {row.field: row.words for row in rows}


async def hide(act: Act, thing_id: UUID, kind: str) -> None:
    """The public does not see the thing, at any instant. Raises AlreadyHidden."""
    if RedactedField.WHOLE in await words_of(act.tx, thing_id):
        raise AlreadyHidden(kind)
    await redact(act, thing_id, {RedactedField.WHOLE: None})


async def show(act: Act, thing_id: UUID, kind: str) -> None:
    """The public sees the thing again. Raises NotHidden."""
    if RedactedField.WHOLE not in await words_of(act.tx, thing_id):
        raise NotHidden(kind)
    whole = col(Redaction.field) == RedactedField.WHOLE
    await act.tx.execute(delete(Redaction).where(col(Redaction.thing_id) == thing_id, whole))
