"""In which language the present caller is told: that of Accept-Language (RFC 9110, 12.5.4), else English."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass

from graph.qualities import qualities
from services.core.words import Language

HEADER = b"accept-language"


@dataclass(slots=True)
class Reader:
    """Who reads what is told. Nothing is looked at before something is told."""

    headers: Iterable[tuple[bytes, bytes]]
    told: bool = False
    """Whether something was told in the language that they asked for, so that the answer depends on it."""

    def language(self) -> Language:
        """Return the language to tell in."""
        self.told = True
        given = [value.decode("latin-1") for name, value in self.headers if name == HEADER]
        return preferred(",".join(given))


READER: ContextVar[Reader | None] = ContextVar("reader", default=None)


def language() -> Language:
    """Return the language to tell the present caller in."""
    reader = READER.get()
    return Language.ENGLISH if reader is None else reader.language()


def preferred(accept: str) -> Language:
    """Return the language of the best quality, the first of several; any kind of Chinese is Chinese."""
    best, found = 0.0, Language.ENGLISH
    for name, quality in qualities(accept).items():
        primary = name.partition("-")[0]
        known = Language.ENGLISH if primary == "*" else next((one for one in Language if one == primary), None)
        if known is not None and quality > best:
            best, found = quality, known
    return found


def asked_for(accept: str) -> Reader:
    """Return a reader who asks for languages as the header would."""
    return Reader([(HEADER, accept.encode("latin-1", "replace"))])
