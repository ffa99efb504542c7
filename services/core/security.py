"""The security log: who was refused what, which limits were met, what operators did. No word that anybody wrote.

Every event is of one closed list with its fields. A field is a number or a name made by the program; whatever else
comes to stand in one is written as `?`.
"""

import asyncio
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_network
from time import monotonic

import structlog
from prometheus_client import Counter
from uuid_utils import uuid4

from services.core.errors import DomainError, NotAllowed, NotFound, StatementTimeout

log = structlog.get_logger()

NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
"""What a field may hold: a code, the name of a verb or a list, an id, an address."""
UNFIT = "?"
SECURITY = "security"
"""The name of its logger."""
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
"""An id of a request that a client may choose."""
WINDOW_S = 60.0
MOST_ALIKE = 5
"""Equal lines that are written in a window of time; the others are counted."""
MOST_LINES = 300
"""Lines of one event that are written in a window, however they differ."""
LIMIT = "LIMIT_"
TOO_LONG = "LIMIT_STATEMENT_TIMEOUT"
"""What a read is told to have met that took too long."""
IPV6_BITS = 64


class SecurityEvent(StrEnum):
    """What the security log tells of."""

    SIGN_IN_REFUSED = "sign_in.refused"
    ACT_REFUSED = "act.refused"
    LIMIT_MET = "limit.met"
    GRANT_GIVEN = "grant.given"
    GRANT_TAKEN = "grant.taken"
    EXPORT_MADE = "export.made"
    OPERATOR_ACTED = "operator.acted"
    REPLY_REFUSED = "reply.refused"


FIELDS: Mapping[SecurityEvent, frozenset[str]] = {
    SecurityEvent.SIGN_IN_REFUSED: frozenset({"reason"}),
    SecurityEvent.ACT_REFUSED: frozenset({"act", "reason"}),
    SecurityEvent.LIMIT_MET: frozenset({"reason"}),
    SecurityEvent.GRANT_GIVEN: frozenset({"act", "thing"}),
    SecurityEvent.GRANT_TAKEN: frozenset({"act", "thing"}),
    SecurityEvent.EXPORT_MADE: frozenset({"list", "format", "rows", "whole"}),
    SecurityEvent.OPERATOR_ACTED: frozenset({"act", "thing"}),
    SecurityEvent.REPLY_REFUSED: frozenset({"department", "reason"}),
}
"""The fields of each event, beside `request`, `address` and `subject`, which all have."""

Value = str | int | bool | None
Write = Callable[[str, Mapping[str, Value]], None]


def write_to_log(event: str, fields: Mapping[str, Value]) -> None:
    """Write an event among the process's other log lines, as those of the logger `security`."""
    log.warning(event, logger=SECURITY, **fields)


def write_nowhere(event: str, fields: Mapping[str, Value]) -> None:
    """Write nothing."""


@dataclass(slots=True)
class Alike:
    """How many equal lines a window has had."""

    written: int = 0
    left_out: int = 0


class SecurityLog:
    """Writes and counts the events of one process. A flood of equal lines becomes a few and a count."""

    def __init__(
        self, key: bytes | None = None, *, write: Write = write_to_log, seconds: Callable[[], float] = monotonic
    ) -> None:
        """Write by `write`. `key` is what subjects are hashed with; without one none is told."""
        self._key = None if key is None else hmac.digest(key, b"subjects of the security log", "sha256")
        self._write = write
        self._seconds = seconds
        self._ends = 0.0
        self._alike: dict[tuple[SecurityEvent, tuple[tuple[str, Value], ...]], Alike] = {}
        self._lines: dict[SecurityEvent, int] = {}
        self._others: dict[SecurityEvent, int] = {}
        self._turning: asyncio.TimerHandle | None = None
        self.counter = Counter("shangliang_security_events", "Events of the security log.", ["event"], registry=None)
        for event in SecurityEvent:
            self.counter.labels(event.value)

    def hashed(self, subject: str | None) -> str | None:
        """Return what stands for a subject: a keyed hash in hexadecimal digits, None for nobody."""
        if subject is None or self._key is None:
            return None
        return hmac.digest(self._key, subject.encode(), "sha256").hex()[:32]

    def note(self, event: SecurityEvent, about: "Circumstances", fields: Mapping[str, Value]) -> None:
        """Count an event and write its line, unless it is one of a flood. Raises ValueError for other fields."""
        if fields.keys() != FIELDS[event]:
            raise ValueError(f"{event} has the fields {sorted(FIELDS[event])}, not {sorted(fields)}.")
        self.counter.labels(event.value).inc()
        if self._seconds() >= self._ends:
            self._turn()
        told = {**fields, "address": about.address, "subject": self.hashed(about.subject)}
        line = {name: fit(value) for name, value in told.items()}
        alike = (event, tuple(line.items()))
        written = self._lines.get(event, 0)
        if alike in self._alike or written < MOST_LINES:
            seen = self._alike.setdefault(alike, Alike())
            if seen.written < MOST_ALIKE and written < MOST_LINES:
                seen.written += 1
                self._lines[event] = written + 1
                self._write(event.value, {"request": about.request_id, **line})
                return
            seen.left_out += 1
        else:
            self._others[event] = self._others.get(event, 0) + 1
        self._turn_later()

    def _turn_later(self) -> None:
        """See to it that what was left out is told at the end of the window, where nothing else happens then."""
        if self._turning is None:
            try:
                self._turning = asyncio.get_running_loop().call_later(WINDOW_S, self._turn)
            except RuntimeError:
                return

    def _turn(self) -> None:
        """Tell what was left out of the window that ends, and begin the next."""
        if self._turning is not None:
            self._turning.cancel()
            self._turning = None
        for (event, line), seen in self._alike.items():
            if seen.left_out:
                self._write(event.value, {**dict(line), "left_out": seen.left_out})
        for event, count in self._others.items():
            self._write(event.value, {"left_out": count})
        self._alike, self._lines, self._others = {}, {}, {}
        self._ends = self._seconds() + WINDOW_S

    def close(self) -> None:
        """Tell what was left out so far."""
        self._turn()


def fit(value: Value) -> Value:
    """Return a value that may stand in the log: itself, unless it is a text that no program made."""
    return value if not isinstance(value, str) or NAME.fullmatch(value) else UNFIT


@dataclass(slots=True)
class Circumstances:
    """In what a thing happens: the log to tell, from where it came, and who asks, once they have said so."""

    log: SecurityLog
    address: str | None = None
    request_id: str = field(default_factory=lambda: str(uuid4()))
    subject: str | None = None
    operation: str | None = None
    """The name of the operation that is asked for, where it has one."""
    errors: Counter | None = None
    """Counts errors by code."""


CIRCUMSTANCES: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)


@contextmanager
def watched(about: Circumstances) -> Iterator[None]:
    """Let what is noted in the block, and in tasks begun in it, be told with these circumstances."""
    token = CIRCUMSTANCES.set(about)
    try:
        yield
    finally:
        CIRCUMSTANCES.reset(token)


def count_error(code: str) -> None:
    """Count an error that is told; nothing outside any circumstances."""
    if (about := CIRCUMSTANCES.get()) is not None and about.errors is not None:
        about.errors.labels(code).inc()


def names_operation(name: str | None) -> None:
    """Keep the name of the operation that is asked for among the circumstances."""
    if (about := CIRCUMSTANCES.get()) is not None:
        about.operation = name


def note(event: SecurityEvent, **fields: Value) -> None:
    """Note an event with the circumstances of now; nothing outside any. Raises ValueError for other fields."""
    if (about := CIRCUMSTANCES.get()) is not None:
        about.log.note(event, about, fields)


def note_refused(error: DomainError, act: str) -> None:
    """Note a refusal if it is one for want of rights or of sight, or by a limit."""
    if isinstance(error, NotAllowed | NotFound):
        note(SecurityEvent.ACT_REFUSED, act=act, reason=error.code)
    elif error.code.startswith(LIMIT):
        note(SecurityEvent.LIMIT_MET, reason=error.code)
    elif isinstance(error, StatementTimeout):
        note(SecurityEvent.LIMIT_MET, reason=TOO_LONG)


def signed_in(subject: str | None) -> None:
    """Keep who asks among the circumstances."""
    if (about := CIRCUMSTANCES.get()) is not None:
        about.subject = subject


def has_signed_in() -> bool:
    """Return whether who asks now has said who they are; the service itself has."""
    about = CIRCUMSTANCES.get()
    return about is None or about.subject is not None


def caller() -> str | None:
    """Return who asks now, by subject or, for whoever has not said so, by address; None outside any circumstances.

    An address of IPv6 stands for its network of 64 bits: whoever has one has all of them.
    """
    about = CIRCUMSTANCES.get()
    if about is None:
        return None
    if about.subject is not None:
        return f"subject {about.subject}"
    address = about.address
    if address is None or ":" not in address:
        return address
    try:
        return str(ip_network((address, IPV6_BITS), strict=False))
    except ValueError:
        return address
