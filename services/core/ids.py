"""Ids: UUIDv7 inside, `<type>_<key>` outside, stable for ever (`topic_0192f0c1-…`, `division_140106`).

What is told as of an instant has an id of its own, which names the instant too: `division_140106@2022-06-29T16:00:00Z`.
Clients keep things by their ids; so then and now stay apart. Equal instants are written alike: in UTC, with as few
digits of a second's fraction as it takes.
"""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.core.errors import IdAsOf, MalformedId

AS_OF = "@"
"""Stands between an id and the instant that it names."""


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562), so that new rows stand at the end of their index."""
    return uuid7()


def node_uuid(kind: str, text: str) -> UUID:
    """Return the UUID of a global id of the kind given.

    Raises IdAsOf for one that names an instant, where things of the present are asked for; MalformedId for any other
    text.
    """
    plain, instant = parted(text)
    if instant is not None:
        raise IdAsOf(text, plain)
    found, _, key = text.rpartition("_")
    try:
        if found == kind:
            return UUID(key)
    except ValueError:
        pass
    raise MalformedId(text, kind)


def node_id(kind: str, key: UUID | str) -> str:
    """Return the global id of a row."""
    return f"{kind}_{key}"


def as_of_suffix(instant: datetime) -> str:
    """Return what follows the ids of what is told as of an instant."""
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{AS_OF}{text.rstrip('0') if '.' in text else text}Z"


def parted(text: str) -> tuple[str, datetime | None]:
    """Return an id without the instant that it names, and the instant. A text that names none comes back whole."""
    plain, mark, named = text.rpartition(AS_OF)
    if not mark:
        return text, None
    try:
        instant = datetime.fromisoformat(named)
        if instant.tzinfo is not None and as_of_suffix(instant) == mark + named:
            return plain, instant
    except (ValueError, OverflowError):
        pass
    return text, None
