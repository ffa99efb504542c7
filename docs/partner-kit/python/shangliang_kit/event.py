import json
from dataclasses import dataclass
from typing import Any

CONTENT_TYPE = "application/cloudevents+json"
RESTORED = "cn.shangliang.system.restored.v1"
"""Type of the event by which the service says that it was restored to an earlier moment."""


class BadEvent(ValueError):
    """A message that is no event of the contract; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. The order is kept within a partition key: the topic, or the department for an event without one."""

    id: str
    type: str
    partition_key: str
    sequence: int
    replay: int
    """Which time an operator had it sent again; 0 is the first time."""
    data: dict[str, Any]
    attributes: dict[str, Any]
    """The whole CloudEvent."""
    missing: int = 0
    """How many numbers were left out before it: events that an operator decided not to send, or set aside.

    Those that a `system.restored` passed over do not count, once that has come.
    """
    late: bool = False
    """Whether a later one of its partition key was handled before, as with a replay: it tells the past."""

    @property
    def first_sequence(self) -> int:
        """From which number on all partition keys go on after a `system.restored`; 0 in any other event."""
        return int(self.data.get("first_sequence", 0)) if self.type == RESTORED else 0


def numbers_missing(sequence: int, *, last: int, first: int) -> int:
    """Return how many numbers are missing before one, where `last` was had before and `first` begins anew."""
    before = max(last, first - 1) if sequence >= first else last
    return max(sequence - before - 1, 0)


def event_of(body: bytes) -> Event:
    """Return the event in a message's body. Raises BadEvent."""
    try:
        attributes = json.loads(body)
        _check_version(attributes)
        return Event(
            id=_text(attributes, "id"),
            type=_text(attributes, "type"),
            partition_key=_text(attributes, "partitionkey"),
            sequence=int(_text(attributes, "sequence")),
            replay=int(attributes.get("replay", 0)),
            data=dict(attributes["data"]),
            attributes=attributes,
        )
    except BadEvent:
        raise
    except KeyError as error:
        raise BadEvent(f"The attribute {error} is missing.") from None
    except (TypeError, ValueError) as error:
        raise BadEvent(f"This is not an event: {error}.") from None


def _check_version(attributes: dict[str, Any]) -> None:
    """Raise BadEvent for another version of CloudEvents, KeyError for none."""
    if attributes["specversion"] != "1.0":
        raise BadEvent(f"specversion is {attributes['specversion']!r} and not '1.0'.")


def _text(attributes: dict[str, Any], name: str) -> str:
    """Return an attribute that is a text with something in it. Raises KeyError, BadEvent."""
    value = attributes[name]
    if not isinstance(value, str) or not value:
        raise BadEvent(f"The attribute {name!r} is no text: {value!r}.")
    return value
