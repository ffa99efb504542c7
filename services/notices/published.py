"""What departments are told in the words that the public reads: of what waits to be sent, and of what is sent again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text

from services.core.transaction import WriteTx
from services.redactions.enums import RedactedField

Data = Mapping[str, Any]
"""An event's data, as JSON values."""


class Told(Protocol):
    """An event that departments are told."""

    @property
    def type(self) -> str:
        """Return what happened."""

    @property
    def occurred_at(self) -> datetime:
        """Return when it happened."""

    @property
    def data(self) -> Data:
        """Return what was written when it happened."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event's data has a text that may be redacted, and where it has the id of what the text is of."""

    field: RedactedField
    words: tuple[str, ...]
    thing: tuple[str, ...]
    type: str | None = None
    """The one type of events whose data has the text there."""
    written_anew: bool = False
    """Whether another text may follow, for which an earlier redaction does not hold."""


DISPUTED = "commitment.disputed"
PLACES = (
    Place(RedactedField.TITLE, ("topic", "title"), ("topic", "id")),
    Place(RedactedField.VENUE, ("venue",), ("session_id",)),
    Place(RedactedField.AGREEMENT, ("agreement",), ("outcome_id",)),
    Place(RedactedField.TASK, ("task",), ("commitment_id",)),
    Place(RedactedField.RESOLUTION, ("summary",), ("topic", "id"), type="topic.resolved", written_anew=True),
)
REASON = "reason"
"""Where the data of a DISPUTED has the note of the verdict, which it does not name."""

WORDS = text("""
SELECT thing_id, field, words, redacted_at FROM redaction WHERE thing_id = ANY(:things) AND words IS NOT NULL
""")
NOTES = text("""
SELECT verdict.commitment_id, verdict.note, redaction.words
FROM verdict JOIN redaction ON redaction.thing_id = verdict.id AND redaction.field = 'NOTE'
WHERE verdict.commitment_id = ANY(:commitments)
""")


async def as_published(tx: WriteTx, events: Sequence[Told]) -> list[Data]:
    """Return the data of events in the words that the public reads now; what is not redacted is as it was written."""
    things = {_key(one) for event in events for one in _ids(event.data)}
    if not things:
        return [event.data for event in events]
    rows = await tx.execute(WORDS, {"things": list(things)})
    words = {(row.thing_id, row.field): (row.words, row.redacted_at) for row in rows}
    disputed = [_key(event.data["commitment_id"]) for event in events if event.type == DISPUTED]
    notes: dict[tuple[UUID, str], str] = {}
    if disputed:
        rows = await tx.execute(NOTES, {"commitments": disputed})
        notes = {(row.commitment_id, row.note): row.words for row in rows}
    return [_told(event, words, notes) for event in events]


def _told(
    event: Told,
    words: Mapping[tuple[UUID, str], tuple[str, datetime]],
    notes: Mapping[tuple[UUID, str], str],
) -> Data:
    """Return an event's data in the words that the public reads."""
    data = event.data
    for place in PLACES:
        thing = _at(data, place.thing)
        if thing is None or _at(data, place.words) is None or place.type not in {None, event.type}:
            continue
        other = words.get((_key(thing), place.field))
        if other is not None and (not place.written_anew or other[1] >= event.occurred_at):
            data = _with(data, place.words, other[0])
    if event.type == DISPUTED:
        note = notes.get((_key(data["commitment_id"]), data[REASON]))
        data = data if note is None else _with(data, (REASON,), note)
    return data


def _ids(data: Data) -> Iterable[str]:
    """Return the ids of what an event's data has texts of."""
    return filter(None, (_at(data, path) for path in dict.fromkeys(place.thing for place in PLACES)))


def _key(thing: str) -> UUID:
    """Return the key in a global id."""
    return UUID(thing.rpartition("_")[2])


def _at(data: Data, path: tuple[str, ...]) -> str | None:
    """Return what stands at a path; null where nothing does."""
    found: Any = data
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def _with(data: Data, path: tuple[str, ...], words: str) -> Data:
    """Return the data with other words at a path."""
    name, *beneath = path
    return {**data, name: _with(data[name], tuple(beneath), words) if beneath else words}
