from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlmodel import SQLModel

from services.reads.text import Form
from services.reads.visibility import Rule


@dataclass(frozen=True, slots=True)
class Column:
    """A scalar of the row."""

    sql: str
    form: Form = Form.TEXT
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class One:
    """At most one row of another entity.

    `on` joins it; with `lateral` it is a subquery that gives the row; with `arguments` it is looked up by
    them. A nullable one is there only as far as the caller may see it; one that is not nullable is seen with its
    parent.
    """

    entity: str
    on: str = "true"
    lateral: str | None = None
    nullable: bool = False
    arguments: "Filters" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Many:
    """All matching rows of another entity, in a fixed order: for lists that are short by nature.

    Without `where` they are those whose foreign key refers to the row; without a model, all. `source` is a subquery to
    read instead of the entity's table.
    """

    entity: str
    order: str
    where: str = ""
    source: str | None = None
    arguments: "Filters" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paged:
    """A connection over another entity, whose rows are found as those of `Many`.

    `deep` replaces `where` when the argument of that name is true.
    """

    entity: str
    where: str = ""
    deep: str | None = None
    wide: str | None = None
    """How `deep`, or else `where`, is written for a parent, a division, with so much beneath that no index helps."""
    arguments: "Filters" = field(default_factory=dict)
    given: "Mapping[str, tuple[str, str, Callable[[Any], object]]]" = field(default_factory=dict)
    """What templates of the list's rows may name: the argument, an SQL type, what is made of it before it is bound."""
    edge: "Mapping[str, Column]" = field(default_factory=dict)
    """What an edge has beside its cursor and node."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object made from the same row; null where `present` does not hold."""

    entity: str
    present: str | None = None
    period: bool = False
    """Whether the field takes a period, which the entity's templates call {since} and {until}."""
    untallied: str = "true"
    """Of a roll-up: whether the row lies beneath what tallies are kept of, which the entity's templates name."""


@dataclass(frozen=True, slots=True)
class Series:
    """An object made from the same row for each unit of time of a period that arguments give, in order.

    The entity's templates call the ends of the unit {since} and {until}.
    """

    entity: str
    untallied: str = "true"
    """As of `Embedded`."""


@dataclass(frozen=True, slots=True)
class AnyNode:
    """Whatever entity an argument names; where it takes a list of at most so many, one or null for each."""

    argument: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class NodeOf:
    """Whatever entity of its type the row itself names by the two parts of a global id; null out of sight."""

    kind: str
    key: str


Field: TypeAlias = Column | One | Many | Paged | Embedded | Series | AnyNode | NodeOf


@dataclass(frozen=True, slots=True)
class Filter:
    """A predicate with parameters: for each name an SQL type and what is made of the argument before it is bound."""

    sql: str
    parameters: Mapping[str, tuple[str, Callable[[Any], object] | None]]
    wide: str | None = None
    """How it is written where the argument is a division's code with so much beneath that no index helps."""
    values: type[Enum] | None = None
    """The closed list that the argument's values are of."""
    names: "Named | None" = None
    """The thing that the argument names: without one in the caller's sight the field is refused."""


@dataclass(frozen=True, slots=True)
class Named:
    """The entity of a thing that an argument names, and the predicate that finds it, with the filter's parameters."""

    entity: str
    sql: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A predicate that a boolean chooses."""

    when_true: str
    when_false: str


Filters: TypeAlias = "Mapping[str, Filter | Switch | Filters]"


@dataclass(frozen=True, slots=True)
class Order:
    """Something to order by: an expression, the SQL type that its cursor value has, and whether it may be null."""

    sql: str
    sql_type: str
    nullable: bool = False
    unique: bool = False
    """Whether no two rows have the same: then no tiebreak follows it."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of thing that can be read. What is not declared is derived from `model`."""

    name: str = ""
    """Its name in the schema: the model's, if it is not given."""
    model: type[SQLModel] | None = None
    source: str = ""
    key: str = "{t}.id"
    key_type: str = "uuid"
    prefix: str | None = None
    """The type in its global ids, for entities that `node` finds."""
    natural_key: str | None = None
    """A field, named as its column, that names one row too; it stands in the ids where `key` is no UUID."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    """Joins and laterals that templates may name; added where one does."""
    visible: Rule | None = None
    filters: Filters = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    default_order: tuple[tuple[str, bool], ...] = ()
    """Names of orders, each with True for descending; the key breaks ties."""
    lists: bool = False
    """Whether it has a list of all rows of every entity, called as their table is, with an s."""
    stands_for: NodeOf | None = None
    """What is shown in place of its rows, whose visibility is that of what they stand for."""

    def __post_init__(self) -> None:
        if self.model is not None and not self.name:
            object.__setattr__(self, "name", self.model.__name__)

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields each of which names one row."""
        return ("id",) if self.natural_key is None else ("id", self.natural_key)
