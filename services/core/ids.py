"""Ids: UUIDv7 inside, `<type>_<key>` outside, stable for ever (`topic_0192f0c1-…`, `division_140106`)."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.core.errors import MalformedId


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562), so that new rows stand at the end of their index."""
    return uuid7()


def node_uuid(kind: str, text: str) -> UUID:
    """Return the UUID of a global id of the kind given. Raises MalformedId for any other text."""
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
