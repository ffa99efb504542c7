"""What a caller selected, free of any transport: fields with arguments, whose values are bound late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from services.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the operation itself.

    `position` tells apart equal values of which each is a parameter of its own.
    """

    value: object
    position: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A value inside the operation's variables: its name, then keys and indexes.

    `sample` is the value in the request that the plan was made for. Only where a value shapes the statement
    (a direction, a switch) may it be read; the plan then serves requests with an equal one only.
    """

    steps: tuple[str | int, ...]
    sample: Any = None
    position: tuple[int, ...] = ()
    """As a constant's."""

    def __eq__(self, other: object) -> bool:
        """Two variables are one parameter when they stand at the same place, unless their positions differ."""
        return isinstance(other, Variable) and (self.steps, self.position) == (other.steps, other.position)

    def __hash__(self) -> int:
        return hash(self.steps)


@dataclass(frozen=True, slots=True)
class Every:
    """A value inside each object of a list in the operation's variables: one value for each of them.

    `sample` is that of the first, and where a value shapes the statement that of all.
    """

    list: tuple[str | int, ...]
    steps: tuple[str | int, ...]
    sample: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list whose items are bound one by one."""

    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """A list of any number of input objects that differ in nothing but values.

    `each` stands for any of them: its values are lists, of one for each object.
    """

    each: "Mapping[str, Argument]"


Value: TypeAlias = Constant | Variable | Every | Items
Argument: TypeAlias = "Value | Mapping[str, Argument] | Sequence[Argument] | Alike | None"
"""A scalar's value, an input object by field, a list of input objects, or an explicit null."""


def bind(value: Value, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- whatever the operation holds
    """Return a value's content in one request."""
    match value:
        case Constant(content):
            return content
        case Variable(steps):
            return _inside(variables, steps)
        case Every(to_list, steps):
            return [_inside(item, steps) for item in _inside(variables, to_list)]
        case Items(items):
            return [bind(item, variables) for item in items]


def _inside(content: Any, steps: Sequence[str | int]) -> Any:  # noqa: ANN401 -- whatever the operation holds
    """Return what stands in a value by keys and indexes."""
    for step in steps:
        content = content[step]
    return content


def shaping(value: Argument) -> Any:  # noqa: ANN401 -- whatever the operation holds
    """Return the content of a value that shapes the statement; None where it is missing."""
    if isinstance(value, Variable | Every):
        return value.sample
    if isinstance(value, Constant):
        return value.value
    return None


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of a selection under its response key."""

    key: str
    name: str
    arguments: Mapping[str, Argument]
    selection: "Selection | None" = None
    refusal: DomainError | None = None
    """Why the transport cannot read its arguments: then it has none."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields to give, in order, for each concrete type that the place can hold."""

    by_type: Mapping[str, tuple[Selected, ...]]
    abstract: bool = False
    """True where the place is an interface or a union: whoever completes the value needs its type's name."""
    refusals: Mapping[str, DomainError] = field(default_factory=dict)
    """Why the transport cannot tell the fields of a concrete type: then it has none."""

    def of(self, type_name: str) -> tuple[Selected, ...]:
        """Return the fields for one concrete type."""
        return self.by_type[type_name]


TYPENAME = "__typename"
