"""Automatic persisted queries: a document that was sent once may be requested by its SHA-256."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLError

from graph.errors import BAD_USER_INPUT, formatted
from graph.operations import RequestRefused
from graph.recent import MIB, Recent, footprint
from services.core.codes import Code

NOT_FOUND = Code.PERSISTED_QUERY_NOT_FOUND
NOT_SUPPORTED = Code.PERSISTED_QUERY_NOT_SUPPORTED
MOST_QUERIES, MOST_BYTES = 1_000, 8 * MIB
MOST_CHARACTERS = 20_000
"""Longer documents are not kept."""


class PersistedQueries:
    """Documents of this process by their digests, as Apollo's clients request them (`extensions.persistedQuery`)."""

    def __init__(self) -> None:
        self._texts: Recent[str, str] = Recent(MOST_QUERIES, MOST_BYTES, lambda *entry: footprint(entry))
        self.tell: Callable[[str], None] = told_nobody
        """Tells the other processes at the same port of a document that came with its digest."""

    def keep(self, query: str) -> None:
        """Keep a document that another process was sent."""
        self._texts.keep(digest_of(query), query)

    def text(self, query: str, extension: Any) -> str:  # noqa: ANN401 -- a JSON value
        """Return the requested document; one that came with its digest is kept.

        Raises RequestRefused for a digest that is not known here, of another document or of another version.
        """
        if not isinstance(extension, Mapping) or extension.get("version") != 1:
            raise _refused("persistedQuery has version 1 and sha256Hash.", NOT_SUPPORTED)
        digest = extension.get("sha256Hash")
        if not isinstance(digest, str):
            raise _refused("persistedQuery has sha256Hash, a SHA-256 in hexadecimal.", BAD_USER_INPUT)
        digest = digest.lower()
        if not query:
            known = self._texts.get(digest)
            if known is None:
                raise _refused("PersistedQueryNotFound", NOT_FOUND)
            return known
        if digest_of(query) != digest:
            raise _refused("sha256Hash is not the SHA-256 of the query.", BAD_USER_INPUT)
        if len(query) <= MOST_CHARACTERS:
            self._texts.keep(digest, query)
            self.tell(query)
        return query


def told_nobody(_query: str) -> None:
    """Do nothing: no other process answers at the same port."""


def digest_of(query: str) -> str:
    """Return a document's SHA-256 in hexadecimal."""
    return hashlib.sha256(query.encode()).hexdigest()


def _refused(message: str, code: str) -> RequestRefused:
    return RequestRefused([formatted(GraphQLError(message), code)])
