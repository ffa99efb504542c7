"""The one base of every expected refusal; each has a stable code and its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from services.core.codes import Code
from services.core.words import Language, Phrase, Words


class DomainError(Exception):
    """An expected refusal.

    `code` is stable and part of the contract; the message names what was wrong and what would be right, in each
    language where the API gives it, in English alone where only operators and departments' developers read it;
    `path` leads to the input's field where one is to blame, in the words of the domain (snake case).
    """

    code: str = "REFUSED"
    words: ClassVar[Words]
    """What is told of every refusal of a class that says it all alike."""

    def __init__(self, message: str | Phrase | Words, *, path: tuple[str, ...] | None = None) -> None:
        self.said = message() if isinstance(message, Words) else message
        self.path = path
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What is told in English."""
        return self.told(Language.ENGLISH)

    def told(self, language: Language) -> str:
        """Return what is told in a language."""
        return self.said if isinstance(self.said, str) else self.said.told(language)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The facts that the message tells, by name, as JSON has them."""
        return {} if isinstance(self.said, str) else self.said.parameters


class InvalidInput(DomainError):
    """A value that no state of the data would make right."""

    code = Code.INVALID_INPUT


class InstantAhead(DomainError):
    """An instant to read as of that is still to come."""

    code = Code.INSTANT_AHEAD
    words = Words(
        "Nothing can be read as of {instant}: it is still to come.",
        "{instant}尚未到来，不能查询当时的情况。",
    )

    def __init__(self, instant: datetime, *, path: tuple[str, ...] = ("as_of",)) -> None:
        super().__init__(self.words(instant=instant.isoformat()), path=path)


class InstantsDiffer(InvalidInput):
    """An id that names one instant, asked for as of another."""

    words = Words(
        "The id names the instant {named}, asOf {asked}: leave asOf out, or give the id without its instant.",
        "编号所指时点为{named}，asOf为{asked}：请去掉asOf，或使用不带时点的编号。",
    )

    def __init__(self, named: datetime, asked: datetime) -> None:
        super().__init__(self.words(named=named.isoformat(), asked=asked.isoformat()))


class MalformedId(InvalidInput):
    """A text that is not a global id of the kind asked for."""

    words = Words("{text!r} is not an id of the form {expected}_….", "{text!r}不是{expected}_…形式的编号。")

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(self.words(text=text, expected=expected))


class IdAsOf(InvalidInput):
    """A global id that names an instant, given where only the present can be meant."""

    words = Words(
        "{text!r} is what it was at an instant that is past; give {plain!r}, what it is now.",
        "{text!r}指过去某一时点的情况；请使用表示现状的{plain!r}。",
    )

    def __init__(self, text: str, plain: str) -> None:
        super().__init__(self.words(text=text, plain=plain))


class NotFound(DomainError):
    """Nothing in the caller's sight has this key."""

    code = Code.NOT_FOUND
    words = Words("No {kind:thing} {key} exists.", "{kind:thing}{key}不存在。")

    def __init__(self, kind: str, key: object, *, path: tuple[str, ...] | None = None) -> None:
        super().__init__(self.words(kind=kind, key=str(key)), path=path)


class NotAllowed(DomainError):
    """The caller is not one who may do this."""


class Unauthenticated(NotAllowed):
    """The act needs a token and none was sent."""

    code = Code.UNAUTHENTICATED
    words = Words("This needs a bearer token; the request carried none.", "此操作需要登录，请求未携带令牌。")

    def __init__(self) -> None:
        super().__init__(self.words)


class Forbidden(NotAllowed):
    """The caller's grants do not cover the act at this place."""

    code = Code.FORBIDDEN
    words = Words(
        "This needs the role {roles:or} over division {division}.",
        "此操作需要在区划{division}具有{roles:or}角色。",
    )

    def __init__(self, roles: Iterable[str], division: str) -> None:
        super().__init__(self.words(roles=tuple(roles), division=division))


class IllegalTransition(DomainError):
    """The lifecycle has no such step from the present state."""

    code = Code.ILLEGAL_TRANSITION
    words = Words(
        "A {thing:thing} in state {state} cannot {action:action}; this is possible from: {allowed}.",
        "{thing:thing}当前状态为“{state}”，不能{action:action}；可在以下状态进行：{allowed}。",
    )
    never = Words(
        "A {thing:thing} in state {state} cannot {action:action}; this is possible from: no state.",
        "{thing:thing}当前状态为“{state}”，不能{action:action}。",
    )

    def __init__(self, thing: str, state: str, action: str, allowed: tuple[str, ...]) -> None:
        words = self.words if allowed else self.never
        super().__init__(words(thing=thing, state=state, action=action, allowed=allowed))


class VersionConflict(DomainError):
    """The thing changed since the caller read it."""

    code = Code.VERSION_CONFLICT
    words = Words(
        "Version {expected} was expected, the present version is {actual}; read it again.",
        "所据版本号为{expected}，当前版本号为{actual}；请刷新后再试。",
    )
    of_revision = Words(
        "Revision {expected} was expected, the present revision is {actual}; read it again.",
        "所据修订号为{expected}，当前修订号为{actual}；请刷新后再试。",
    )

    def __init__(self, expected: int, actual: int, *, path: str = "expected_version") -> None:
        words = self.of_revision if path == "expected_revision" else self.words
        super().__init__(words(expected=expected, actual=actual), path=(path,))


class IdempotencyKeyReused(DomainError):
    """The key was used before with another input."""

    code = Code.IDEMPOTENCY_KEY_REUSED
    words = Words(
        "The idempotency key {key!r} was used before with another input; take a new key.",
        "幂等键{key!r}此前已用于其他内容，请换用新的键。",
    )

    def __init__(self, key: str) -> None:
        super().__init__(self.words(key=key), path=("idempotency_key",))


@dataclass(frozen=True, slots=True)
class ConstraintRefusal:
    """What the violation of a named constraint means in the words of the domain."""

    code: Code
    words: Words | Phrase
    path: tuple[str, ...] | None = None


class ConstraintViolated(DomainError):
    """A constraint of the database refused the rows; the refusal gives its meaning."""

    def __init__(self, constraint: str, refusal: ConstraintRefusal) -> None:
        super().__init__(refusal.words, path=refusal.path)
        self.code = refusal.code
        self.constraint = constraint


class Unavailable(DomainError):
    """Something outside is down or too busy; the same call may succeed later."""

    code = Code.UNAVAILABLE

    def __init__(self, message: str | Phrase | Words, *, retry_after_s: int = 10) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """In how many seconds the same call may succeed."""


class Undecided(Unavailable):
    """The connection ended, or the time, while a transaction committed: nobody knows yet whether it was done."""

    words = Words(
        "Whether this was done is not known: the database has not answered the commit. Repeat it with the same "
        "idempotencyKey, by which it is done once at most; if it had none, look whether it was done.",
        "是否已办成尚不清楚：数据库没有答复提交。请用同一idempotencyKey重复请求，最多办理一次；若未用过键，请先查看是否已办成。",
    )

    def __init__(self) -> None:
        super().__init__(self.words)


class StatementTimeout(Unavailable):
    """A read took longer than it may, its wait for others included."""

    words = Words(
        "The read was given up after {taken:.1f} s, it may take {limit:g} s; try again, or ask for less.",
        "查询用时{taken:.1f}秒后中止，限{limit:g}秒；请重试，或缩小查询范围。",
    )

    def __init__(self, limit_s: float, taken_s: float) -> None:
        self.limit_s = limit_s
        self.taken_s = round(taken_s, 3)
        super().__init__(self.words(limit=limit_s, taken=self.taken_s))
