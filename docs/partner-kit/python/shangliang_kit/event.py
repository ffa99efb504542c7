import json
from dataclasses import dataclass
from typing import Any

CONTENT_TYPE = "application/cloudevents+json"


class BadEvent(ValueError):
    """A message that is no event of the contract; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. The order is kept within a partition key: the topic, or the department for a `system.test`."""

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
    """How many numbers were left out before it: events that an operator decided not to send, or set aside."""
    late: bool = False
    """Whether a later one of its partition key was handled before, as with a replay: it tells the past."""


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
