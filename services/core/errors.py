"""The one base of every expected refusal; each has a stable code and its facts as attributes."""

from dataclasses import dataclass
from datetime import datetime


class DomainError(Exception):
    """An expected refusal.

    `code` is stable and part of the contract; `message` names what was wrong and what would be right;
    `path` leads to the input's field where one is to blame, in the words of the domain (snake case).
    """

    code: str = "REFUSED"

    def __init__(self, message: str, *, path: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class InvalidInput(DomainError):
    """A value that no state of the data would make right."""

    code = "INVALID_INPUT"


class InstantAhead(DomainError):
    """An instant to read as of that is still to come."""

    code = "INSTANT_AHEAD"

    def __init__(self, instant: datetime, now: datetime, *, path: tuple[str, ...] = ("as_of",)) -> None:
        super().__init__(f"It is {now.isoformat()}: nothing can be read as of {instant.isoformat()}.", path=path)
        self.instant = instant


class InstantsDiffer(InvalidInput):
    """An id that names one instant, asked for as of another."""

    def __init__(self, named: datetime, asked: datetime) -> None:
        super().__init__(
            f"The id names the instant {named.isoformat()}, asOf {asked.isoformat()}: leave asOf out, or give the "
            "id without its instant."
        )
        self.named = named
        self.asked = asked


class MalformedId(InvalidInput):
    """A text that is not a global id of the kind asked for."""

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(f"{text!r} is not an id of the form {expected}_….")
        self.text = text


class IdAsOf(InvalidInput):
    """A global id that names an instant, given where only the present can be meant."""

    def __init__(self, text: str, plain: str) -> None:
        super().__init__(f"{text!r} is what it was at an instant that is past; give {plain!r}, what it is now.")
        self.text = text
        self.plain = plain


class NotFound(DomainError):
    """Nothing in the caller's sight has this key."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, key: object, *, path: tuple[str, ...] | None = None) -> None:
        super().__init__(f"No {kind} {key} exists.", path=path)
        self.kind = kind
        self.key = key


class NotAllowed(DomainError):
    """The caller is not one who may do this."""


class Unauthenticated(NotAllowed):
    """The act needs a token and none was sent."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("This needs a bearer token; the request carried none.")


class Forbidden(NotAllowed):
    """The caller's grants do not cover the act at this place."""

    code = "FORBIDDEN"

    def __init__(self, roles: tuple[str, ...], division_code: str) -> None:
        wanted = " or ".join(roles)
        super().__init__(f"This needs the role {wanted} over division {division_code}.")
        self.roles = roles
        self.division_code = division_code


class IllegalTransition(DomainError):
    """The lifecycle has no such step from the present state."""

    code = "ILLEGAL_TRANSITION"

    def __init__(self, thing: str, state: str, action: str, allowed: tuple[str, ...]) -> None:
        where = ", ".join(allowed) or "no state"
        super().__init__(f"A {thing} in state {state} cannot {action}; this is possible from: {where}.")
        self.state = state
        self.action = action
        self.allowed = allowed


class VersionConflict(DomainError):
    """The thing changed since the caller read it."""

    code = "VERSION_CONFLICT"

    def __init__(self, expected: int, actual: int, *, path: str = "expected_version") -> None:
        counted = path.removeprefix("expected_")
        super().__init__(
            f"{counted.capitalize()} {expected} was expected, the present {counted} is {actual}; read it again.",
            path=(path,),
        )
        self.expected = expected
        self.actual = actual


class IdempotencyKeyReused(DomainError):
    """The key was used before with another input."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used before with another input; take a new key.",
            path=("idempotency_key",),
        )
        self.key = key


@dataclass(frozen=True, slots=True)
class ConstraintRefusal:
    """What the violation of a named constraint means in the words of the domain."""

    code: str
    message: str
    path: tuple[str, ...] | None = None


class ConstraintViolated(DomainError):
    """A constraint of the database refused the rows; the refusal gives its meaning."""

    def __init__(self, constraint: str, refusal: ConstraintRefusal) -> None:
        super().__init__(refusal.message, path=refusal.path)
        self.code = refusal.code
        self.constraint = constraint


class Unavailable(DomainError):
    """Something outside is down or too busy; the same call may succeed later."""

    code = "UNAVAILABLE"

    def __init__(self, message: str, *, retry_after_s: int = 10) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """In how many seconds the same call may succeed."""


class Undecided(Unavailable):
    """The connection ended, or the time, while a transaction committed: nobody knows yet whether it was done."""

    def __init__(self) -> None:
        super().__init__(
            "Whether this was done is not known: the database has not answered the commit. Repeat it with the same "
            "idempotencyKey, by which it is done once at most; if it had none, look whether it was done."
        )


class StatementTimeout(Unavailable):
    """A read took longer than it may, its wait for others included."""

    def __init__(self, limit_s: float, taken_s: float) -> None:
        super().__init__(
            f"The read was given up after {taken_s:.1f} s, it may take {limit_s:g} s; try again, or ask for less."
        )
        self.limit_s = limit_s
        self.taken_s = round(taken_s, 3)
