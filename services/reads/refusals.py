"""Refused arguments: the field that has one is a mark in the answer, and everything beside it is answered.

A field is refused when it is compiled, for what no request could bind; when its arguments are bound; or by the
statement itself, where they name a thing that is not there. Its mark is an object with the number of its refusal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from services.core.errors import DomainError, NotFound
from services.reads.parameters import Parameter, Request
from services.reads.plan import Value, bind

Place: TypeAlias = tuple[tuple[str, str], ...]
"""Where a field stands in an answer, whatever the items of lists: each step a type's name and a response key."""

Refused: TypeAlias = Mapping[Place, DomainError]

MARK = "$refused"
"""The one key of a mark; no field can be named so."""
MARKED = b'{"%s":' % MARK.encode()
"""How a mark begins; no text in an answer does, for in texts quotes are escaped."""


@dataclass(frozen=True, slots=True)
class Required:
    """An argument of a field that has to be bound: the field is refused where it cannot be."""

    place: Place
    path: tuple[str, ...]
    """The way to the argument's value from the field."""
    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Unknown:
    """An argument names a thing that is not there, or not in the caller's sight."""

    kind: str
    value: Value
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark stands for: a place, and why it is refused where the statement knows that."""

    place: Place
    reason: DomainError | Unknown | None = None

    def text(self, number: int) -> str:
        """Return the mark as JSON."""
        return f'{{"{MARK}":{number}}}'

    def refusal(self, request: Request, refused: Refused) -> DomainError:
        """Return the refusal in one request, given what could not be bound."""
        match self.reason:
            case None:
                return refused[self.place]
            case Unknown(kind, value, path):
                return NotFound(kind.lower(), bind(value, request.variables), path=path)
            case error:
                return error


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement and where its parameters come from, by number."""

    sql: str
    parameters: tuple[Parameter, ...]
    required: tuple[Required, ...] = ()
    """The arguments of its fields: one that cannot be bound refuses its field."""
    unnamed: tuple[Parameter, ...] = ()
    """Parameters that are required and stand nowhere in the statement: their values are checked all the same."""
    marks: tuple[Mark, ...] = ()
    """What marks in its answer stand for, by number."""

    def arguments(self, request: Request) -> list[object]:
        """Return the values of the parameters. Raises DomainError when an argument of some field cannot be bound."""
        for parameter in self.unnamed:
            parameter.of(request)
        return [parameter.of(request) for parameter in self.parameters]

    def refused(self, request: Request) -> Refused:
        """Return the fields with an argument that cannot be bound, each with its first refusal."""
        found: dict[Place, DomainError] = {}
        for each in self.required:
            try:
                each.parameter.of(request)
            except DomainError as error:
                error.path = error.path or each.path
                found.setdefault(each.place, error)
        return found
