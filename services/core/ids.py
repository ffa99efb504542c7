"""Ids: UUIDv7 inside, `<type>_<key>` outside, stable for ever (`topic_0192f0c1-…`, `division_140106`)."""

from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from services.core.errors import MalformedId


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562), so that new rows stand at the end of their index."""
    return uuid7()


@dataclass(frozen=True, slots=True)
class NodeId:
    """A global id taken apart: the kind of thing and its key."""

    kind: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "NodeId":
        """Split a global id. Raises MalformedId when it is not `<type>_<key>`."""
        kind, separator, key = text.rpartition("_")
        if not (kind and separator and key):
            raise MalformedId(text)
        return cls(kind, key)

    def uuid(self) -> UUID:
        """Return the key as a UUID. Raises MalformedId when it is none."""
        try:
            return UUID(self.key)
        except ValueError:
            raise MalformedId(f"{self.kind}_{self.key}") from None


def node_uuid(kind: str, text: str) -> UUID:
    """Return the UUID of a global id of the kind given. Raises MalformedId for any other text."""
    node = NodeId.parse(text)
    if node.kind != kind:
        raise MalformedId(text, expected=kind)
    return node.uuid()


def node_id(kind: str, key: UUID | str) -> str:
    """Return the global id of a row."""
    return f"{kind}_{key}"
