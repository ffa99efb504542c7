"""Parameters of a compiled statement: where each value comes from in a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from services.core.actor import SEES, SEES_DELIVERIES, Actor
from services.core.bounds import clamped
from services.core.clock import china_day
from services.core.errors import InvalidInput
from services.core.failures import NO_CHARACTER, NOT_USED
from services.core.policy import Policy
from services.core.scope import multirange
from services.core.wire import array
from services.notices.rules import hours_to_answer
from services.outcomes.events import CommitmentAssigned
from services.reads.plan import Value, bind


@dataclass(slots=True)
class Request:
    """What one request brings: its variables, who asks and when."""

    variables: Mapping[str, Any]
    actor: Actor
    now: datetime
    cursor_key: bytes
    """What seals this installation's cursors."""
    policy: Policy = field(default_factory=Policy)

    @property
    def today(self) -> date:
        """The calendar day in China."""
        return china_day(self.now)


MULTIRANGE = "text::int8multirange"
"""Sent as text: the driver would ask the server about the type first."""


class Parameter(Protocol):
    """What is bound at a place of a statement: its SQL type, and where its value comes from."""

    @property
    def sql_type(self) -> str:
        """The type that PostgreSQL takes it as."""
        ...

    def of(self, request: Request) -> object:
        """Return the value for one request. Raises InvalidInput when it cannot be used."""
        ...


class Ambient(Enum):
    """What statements know of the request beside its variables: name in templates, SQL type, source."""

    today = ("date", lambda request: request.today)
    matter_days = ("int", lambda request: request.policy.matter_days)
    answer_hours = ("int", lambda request: hours_to_answer(request.policy.receipt_hours, CommitmentAssigned.type))
    minutes_days = ("int", lambda request: request.policy.minutes_days)
    staff_scope = (MULTIRANGE, lambda request: multirange(request.actor.scopes(SEES)))
    delivery_scope = (MULTIRANGE, lambda request: multirange(request.actor.scopes(SEES_DELIVERIES)))
    departments = ("text[]", lambda request: request.actor.departments())
    subject = ("text", lambda request: request.actor.subject)
    grant_roles = ("text[]", lambda request: [grant.role.value for grant in request.actor.grants])
    grant_divisions = ("text[]", lambda request: [grant.within for grant in request.actor.grants])
    cursor_key = ("bytea", lambda request: request.cursor_key)
    grant_departments = ("text[]", lambda request: [grant.department for grant in request.actor.grants])

    def __init__(self, sql_type: str, source: Callable[[Request], object]) -> None:
        self.sql_type = sql_type
        self._source = source

    def of(self, request: Request) -> object:
        """Return the value for one request."""
        return self._source(request)


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter from the operation: a value, its SQL type, and what is made of it before it is bound."""

    value: Value
    sql_type: str
    via: Callable[[Any], object] | None = None

    def of(self, request: Request) -> object:
        """Return the value for one request. Raises InvalidInput when it cannot be used."""
        return self.made(bind(self.value, request.variables))

    def made(self, content: object) -> object:
        """Return what is made of a value before it is bound. Raises InvalidInput when it cannot be used."""
        content = clamped(content)
        if self.via is not None:
            return self.via(content)
        if has_nul(content):
            raise InvalidInput(NOT_USED(why=NO_CHARACTER))
        return content


@dataclass(frozen=True, slots=True)
class GivenEach:
    """A parameter from alternatives of one form: an array of the value that each has."""

    given: Given
    flat: bool = False
    """Whether the values are lists, of which one list is made; else each list is one text."""

    @property
    def sql_type(self) -> str:
        """The type that PostgreSQL takes it as."""
        return f"{self.given.sql_type.split('::')[0].removesuffix('[]')}[]"

    @property
    def cast(self) -> str:
        """What makes of the array's element the value."""
        type_ = self.given.sql_type
        return f"::{type_}" if type_.endswith("[]") else type_[type_.find("::") :] if "::" in type_ else ""

    def of(self, request: Request) -> object:
        """Return the values for one request. Raises InvalidInput when one cannot be used."""
        contents = bind(self.given.value, request.variables)
        made = [self.given.made(content) for content in contents]
        if self.flat:
            return [item for items in made for item in items]  # type: ignore[attr-defined]
        return [array(content) if isinstance(content, list) else content for content in made]


def has_nul(content: object) -> bool:
    """Tell whether a text, or one in a list, has U+0000, which PostgreSQL cannot hold."""
    if type(content) is str:
        return "\0" in content
    return type(content) is list and any(has_nul(item) for item in content)


class Parameters(dict[Parameter, int]):
    """The parameters of one statement with their numbers; the same one is bound once."""

    def placeholder(self, parameter: Parameter) -> str:
        """Return the parameter's place in the SQL text, with its type."""
        return f"${self.setdefault(parameter, len(self) + 1)}::{parameter.sql_type}"
