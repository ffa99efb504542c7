"""What a worker and the process that started it say to each other: lines of JSON over a pair of sockets.

"given" is what the worker is given, once; "ready" says that it takes connections; "ask" asks what it counts and
"metrics" says so; "query" has a document that came with its digest, for the other workers.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from deploy.addresses import DatabaseAddresses
from services.migrations.grants import Login

LONGEST = 16 << 20
"""Bytes of a message at most."""
MOST_WAITING = 4 << 20
"""Bytes that may wait to be sent: beyond them a document is not told of, and its clients send it again."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a worker is given at its start."""

    addresses: DatabaseAddresses
    sockets: list[int]
    """Descriptors of the sockets at which connections arrive."""
    wanted: int | None
    """How many workers there are to be: the first finds out whether they fit."""
    asked: bool
    """Whether so many were asked for by number."""

    def line(self) -> bytes:
        """Return it as a message."""
        owner, logins = self.addresses.owner, {login.value: url for login, url in self.addresses.logins.items()}
        facts = {"sockets": self.sockets, "wanted": self.wanted, "asked": self.asked}
        return message("given", {"owner": owner, "logins": logins, **facts})

    @classmethod
    def read(cls, line: bytes) -> "Given":
        """Return what a message says."""
        facts = orjson.loads(line)["given"]
        logins = {Login(login): url for login, url in facts["logins"].items()}
        addresses = DatabaseAddresses(facts["owner"], logins)
        return cls(addresses, facts["sockets"], facts["wanted"], facts["asked"])


def message(kind: str, content: Any) -> bytes:  # noqa: ANN401 -- a JSON value
    """Return a message of a kind: a line of JSON."""
    return orjson.dumps({kind: content}) + b"\n"


def received(line: bytes) -> tuple[str, Any]:
    """Return the kind of a message and what it says."""
    ((kind, content),) = orjson.loads(line).items()
    return kind, content
