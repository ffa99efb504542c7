from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_DAYS = 36_500
Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Hours = Annotated[int, Field(ge=1, le=24 * MOST_DAYS)]


class Policy(BaseModel):
    """The figures of the rules that an installation may set; each is a setting `SHANGLIANG_…` of the same name."""

    model_config = ConfigDict(frozen=True)

    matter_days: Days = 15
    """Calendar days after which a matter that still waits for an answer or a topic is overdue.

    Our own choice: of the order of what hotlines of the 12345 kind promise; no source gives one for these platforms.
    """
    minutes_days: Days = 7
    """Calendar days after which the minutes of a session that was held are overdue. Our own choice."""
    receipt_hours: dict[str, Hours] = {}
    """Hours until `received` is expected, by an event's type, `*` for all others; the rest keep their defaults."""
    require_public_attendee: bool = True
    """Whether a session on a key topic counts as held only where residents or stakeholders came."""
    due_days: int = Field(7, ge=0, le=365)
    """Days before the last day of a commitment on which its department is told that it is due."""
    retention_days: Days = 90
    """For how long the delivery log keeps what is done with."""
