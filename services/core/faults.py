"""What went wrong, for logs: the kinds of exceptions and where they were raised, never their words.

The words of an exception may be anybody's: PostgreSQL's quote values and whole rows, Python's the value at fault.
"""

import errno
import re
import traceback
from collections.abc import Iterator

CREDENTIALS = re.compile(r"(?<=://)[^/?#\s@]*@")
"""Who an address signs in as, and with which password."""


CODE = re.compile(r"[A-Z0-9]{5}|[A-Z_]{3,40}|[a-z][a-z0-9_]{2,62}", re.ASCII)
"""A refusal's, an SQLSTATE, the name of an error of the system or of a constraint."""


def without_credentials(text: str) -> str:
    """Return a text whose addresses name no account and no password."""
    return CREDENTIALS.sub("", text)


def fault(error: BaseException) -> str:
    """Return the kinds of an exception and of those that led to it, the first cause last, with the codes they have."""
    return " from ".join(_kind(one) for one in _chain(error))


def traced(error: BaseException) -> str:
    """Return where an exception and those that led to it were raised, the first cause first."""
    return "\n".join(part for one in reversed([*_chain(error)]) for part in _parts(one))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that led to it."""
    seen = set[int]()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _parts(error: BaseException) -> Iterator[str]:
    """Yield an exception's frames and its kind, then those of the exceptions of a group."""
    frames = traceback.extract_tb(error.__traceback__)
    yield from (f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames)
    yield _kind(error)
    if isinstance(error, BaseExceptionGroup):
        yield from (traced(one) for one in error.exceptions)


def _kind(error: BaseException) -> str:
    """Return the kind of an exception, with the code that it has."""
    codes = [
        getattr(error, "code", None),
        errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None,
        getattr(error, "sqlstate", None),
        getattr(error, "constraint_name", None),
    ]
    told = ", ".join(code for code in codes if isinstance(code, str) and CODE.fullmatch(code))
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name}({told})" if told else name
