"""Trusted documents: those that an installation's own clients were built with, by ids that their tools gave them."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import structlog
from graphql import GraphQLError

from graph.errors import formatted
from graph.operations import RequestRefused
from graph.recent import MIB, Recent, footprint
from services.core.codes import Code
from services.core.security import SecurityEvent, note
from services.core.settings import Documents

APOLLO, APOLLO_VERSION = "apollo-persisted-query-manifest", 1
NOT_TRUSTED = Code.DOCUMENT_NOT_TRUSTED
DIGEST = "sha256:"
"""What an id begins with that is the SHA-256 of its document (GraphQL over HTTP, appendix A)."""
MOST_TOLD = 1_000
"""How many documents are remembered as told of."""

log = structlog.get_logger()


class ManifestInvalid(ValueError):
    """A manifest that cannot be used; says which and why."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"The manifest {file} of SHANGLIANG_TRUSTED_DOCUMENTS {problem}.")


class TrustedDocuments:
    """The documents of manifests, and what becomes of others."""

    def __init__(self, texts: Mapping[str, str] | None = None, mode: Documents = Documents.OFF) -> None:
        self._mode = mode
        self._texts = frozenset((texts or {}).values())
        self._by_id = {digest(text): text for text in self._texts} | dict(texts or {})
        self._told: Recent[str, bool] = Recent(MOST_TOLD, MIB, lambda *entry: footprint(entry))

    @property
    def only(self) -> bool:
        """Whether others are refused."""
        return self._mode is Documents.ONLY

    def named(self, document_id: str) -> str:
        """Return the document with an id, or with a SHA-256 as `sha256:…`. Raises RequestRefused for none."""
        found = self._by_id.get(document_id)
        if found is None and document_id.startswith(DIGEST):
            found = self.of_digest(document_id.removeprefix(DIGEST))
        if found is None:
            raise _refused(f"No trusted document has the id {document_id!r}.")
        return found

    def of_digest(self, sha256: object) -> str | None:
        """Return the document with a SHA-256 in hexadecimal; None where none is trusted."""
        return self._by_id.get(sha256.lower()) if isinstance(sha256, str) else None

    def check(self, text: str) -> None:
        """Raise RequestRefused for a document that is not trusted, where only trusted ones are taken.

        Where they are to be told of, it is, once for each.
        """
        if self._mode is Documents.OFF or text in self._texts:
            return
        if self.only:
            note(SecurityEvent.ACT_REFUSED, act="document", reason=NOT_TRUSTED)
            raise _refused("Only trusted documents are taken here: ask for one by its id, or send its exact text.")
        key = digest(text)
        if self._told.get(key) is None:
            self._told.keep(key, True)  # noqa: FBT003 -- that it is there is all
            log.info("a document is not trusted", sha256=key, characters=len(text))


def read_manifests(files: Iterable[Path]) -> dict[str, str]:
    """Return the documents of manifests by their ids. Raises ManifestInvalid.

    A manifest is one of Apollo's (`apollo-persisted-query-manifest`, version 1) or Relay's, an object of texts by id.
    """
    texts: dict[str, str] = {}
    for file in files:
        for name, text in _read(file).items():
            if texts.setdefault(name, text) != text:
                raise ManifestInvalid(file, f"gives the id {name!r} to another document than one before it")
    return texts


def _read(file: Path) -> dict[str, str]:
    """Return the documents of one manifest. Raises ManifestInvalid."""
    try:
        found = orjson.loads(file.read_bytes())
    except OSError as error:
        raise ManifestInvalid(file, f"cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise ManifestInvalid(file, f"is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ManifestInvalid(file, "is not an object")
    texts = _of_apollo(file, found) if "format" in found else found
    for name, text in texts.items():
        if not (isinstance(name, str) and name and isinstance(text, str) and text.strip()):
            raise ManifestInvalid(file, f"has no text for the id {name!r}: it gives each id its document")
    return texts


def _of_apollo(file: Path, found: Mapping[str, Any]) -> dict[str, str]:
    """Return the documents of a manifest in Apollo's form. Raises ManifestInvalid."""
    if (found["format"], found.get("version")) != (APOLLO, APOLLO_VERSION):
        raise ManifestInvalid(file, f"is not of the format {APOLLO!r} in version {APOLLO_VERSION}")
    operations = found.get("operations")
    if not isinstance(operations, list):
        raise ManifestInvalid(file, "has no list of operations")
    texts: dict[str, str] = {}
    for operation in operations:
        if not isinstance(operation, dict) or not {"id", "body"} <= operation.keys():
            raise ManifestInvalid(file, "has an operation without id or body")
        if texts.setdefault(operation["id"], operation["body"]) != operation["body"]:
            raise ManifestInvalid(file, f"gives the id {operation['id']!r} to two documents")
    return texts


def digest(text: str) -> str:
    """Return a document's SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _refused(message: str) -> RequestRefused:
    return RequestRefused([formatted(GraphQLError(message), NOT_TRUSTED)])
