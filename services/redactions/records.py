"""Redactions, for the commands of the rooms whose things are redacted. The thing is locked by the caller."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.core.act import Act
from services.core.corrections import NothingCorrected
from services.core.tables import RedactableModel, redactable_columns
from services.core.transaction import WriteTx
from services.redactions.enums import WITHHELD, RedactedField
from services.redactions.errors import AlreadyHidden, NotHidden, NothingToRedact
from services.redactions.models import Redaction

WORDS = select(col(Redaction.field), col(Redaction.words)).where(col(Redaction.thing_id) == bindparam("thing"))

Published: TypeAlias = Mapping[str, str | None]
"""What the public reads of a thing, by column."""


async def redact(
    act: Act,
    row: RedactableModel,
    given: Mapping[str, str | None],
    *,
    withhold: bool = False,
    reason: str | None = None,
) -> Published:
    """The public reads these words in place of a thing's, by column, at every instant that it asks for.

    None leaves what it reads as it is or, with `withhold`, takes it away; `reason` is kept where no trace tells it.
    Returns all that the public reads of the thing now. Raises NothingToRedact, NothingCorrected.
    """
    stands = await published(act.tx, row)
    words = {}
    for column, text in given.items():
        if stands[column] is None and (text is not None or (withhold and len(given) == 1)):
            raise NothingToRedact(column, path=published_name(column))
        if stands[column] is not None and (text is not None or withhold) and (text or WITHHELD) != stands[column]:
            words[column] = text or WITHHELD
    if not words:
        fields = tuple(map(published_name, given))
        named = (published_name(column) for column, text in given.items() if text is not None)
        raise NothingCorrected(fields, path=next(named, fields[0]))
    for column, text in words.items():
        await _keep(act, row.id, RedactedField.of(column), text, reason)
    row.redacted = True
    return {**stands, **words}


def published_name(column: str) -> str:
    """Return the name of what the public reads of a redactable column."""
    return f"published_{column}"


async def keep_words(act: Act, thing_id: UUID, field: RedactedField, words: str) -> None:
    """The public reads other words of what has no row to be marked."""
    await _keep(act, thing_id, field, words, None)


async def _keep(act: Act, thing_id: UUID, field: RedactedField, words: str | None, reason: str | None) -> None:
    values = {"words": words, "redacted_at": act.now(), "reason": reason}
    statement = insert(Redaction).values(thing_id=thing_id, field=field, **values)
    await act.tx.execute(statement.on_conflict_do_update(constraint="pk_redaction", set_=values))


async def published(tx: WriteTx, row: RedactableModel) -> dict[str, str | None]:
    """Return what the public reads of a thing, by redactable column; null where nothing stands."""
    columns = redactable_columns(type(row).__table__)  # type: ignore[attr-defined]
    texts: dict[str, str | None] = {column: getattr(row, column) for column in columns}
    if not row.redacted:
        return texts
    found = await tx.scalars(select(Redaction).where(col(Redaction.thing_id) == row.id))
    kept = {one.field: one for one in found}
    for column, since in columns.items():
        other = kept.get(RedactedField.of(column))
        if other is None or texts[column] is None:
            continue
        if since is None or other.redacted_at >= getattr(row, since):
            texts[column] = other.words
    return texts


async def words_of(tx: WriteTx, thing_id: UUID) -> Mapping[RedactedField, str | None]:
    """Return what the public reads in place of the thing's words, by field."""
    return {row.field: row.words for row in await tx.run(WORDS, {"thing": thing_id})}


async def hide(act: Act, row: RedactableModel, kind: str) -> None:
    """The public does not see the thing, at any instant. Raises AlreadyHidden."""
    if RedactedField.WHOLE in await words_of(act.tx, row.id):
        raise AlreadyHidden(kind)
    row.redacted = True
    await _keep(act, row.id, RedactedField.WHOLE, None, None)


async def show(act: Act, row: RedactableModel, kind: str) -> None:
    """The public sees the thing again. Raises NotHidden."""
    if RedactedField.WHOLE not in await words_of(act.tx, row.id):
        raise NotHidden(kind)
    whole = col(Redaction.field) == RedactedField.WHOLE
    await act.tx.execute(delete(Redaction).where(col(Redaction.thing_id) == row.id, whole))
