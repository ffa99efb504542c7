from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.core.bounds import MINUTES, REDACTION_REASON
from services.core.tables import INSTANT, TableModel, bounded, choice
from services.redactions.enums import RedactedField


class Redaction(TableModel, table=True):
    """What everybody but staff reads in place of a thing's words, or that they do not see the thing, by its own id.

    It holds for every instant, those before it too: its own past is not read.
    """

    __table_args__ = (
        CheckConstraint("(field = 'WHOLE') = (words IS NULL)", name="field_has_words"),
        *bounded(words=MINUTES, reason=REDACTION_REASON),
    )

    thing_id: UUID = Field(primary_key=True)
    field: RedactedField = Field(sa_type=choice(RedactedField, "field"), primary_key=True)
    words: str | None = None
    redacted_at: datetime = Field(sa_type=INSTANT)
    reason: str | None = None
    """Why, where no trace tells it."""
