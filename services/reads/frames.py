"""A row in a statement being written: its alias, the FROM clause it grows, and what its templates may name."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from services.core.errors import DomainError
from services.reads.catalogue.shape import Column, Entity, One
from services.reads.moments import Moment, Reading
from services.reads.parameters import Ambient, Given, Parameter, Parameters
from services.reads.plan import Value
from services.reads.refusals import Claim, Compiled, Mark, Place, Unknown
from services.reads.text import Piece, Sql, concatenate, quote
from services.reads.visibility import RULES, Sight


@dataclass(slots=True)
class Statement:
    """What all frames of one statement share: its parameters and the aliases given so far."""

    sight: Sight
    complete_types: bool = False
    """Whether objects at abstract places carry their type's name for a caller that completes them."""
    parameters: Parameters = field(default_factory=Parameters)
    refused: frozenset[Place] = frozenset()
    """Fields that are known to be refused: they are marks."""
    as_of: Moment | None = None
    """The instant of which what is written now tells; None for the present."""
    place: Place = ()
    """The field that is written now."""
    tables: set[str] = field(default_factory=set)
    """The tables that were named since the reading as of an instant began."""
    _claims: dict[tuple[Place, Parameter], Claim] = field(default_factory=dict)
    _marks: list[Mark] = field(default_factory=list)
    _known: dict[tuple[str, Value], tuple[str, Callable[[], str]]] = field(default_factory=dict)
    """For each thing that an argument names, a column of `known` and what writes whether it is there."""
    _named: dict[Place, dict[Unknown, str]] = field(default_factory=dict)
    """What the arguments of a field name, each with its column of `known`."""
    _aliases: "count[int]" = field(default_factory=lambda: count(1))

    def named(self, name: str) -> str:
        """Return what a name stands for that is known to all frames. Raises KeyError.

        `today` is the day of the instant that is told of; `at_instant` ends an id with that instant; `table_<name>` is
        a table, as it stood at that instant.
        """
        if name.startswith("table_"):
            return self.table(name.removeprefix("table_"))
        if name == "at_instant":
            return "" if self.as_of is None else f" || {self.as_of.sql(self.parameters, Reading.SUFFIX)}"
        if name == "today" and self.as_of is not None:
            return self.as_of.sql(self.parameters, Reading.DAY)
        return self.parameters.placeholder(Ambient[name])

    def table(self, name: str) -> str:
        """Return the name of a table, whose past is read beneath an instant."""
        self.tables.add(name)
        return name

    def alias(self) -> str:
        """Return a fresh alias."""
        return f"t{next(self._aliases)}"

    @contextmanager
    def at(self, type_name: str, key: str) -> Iterator[None]:
        """Write a field beneath the one that is written now."""
        before, self.place = self.place, (*self.place, (type_name, key))
        try:
            yield
        finally:
            self.place = before

    def claim(self, parameter: Parameter, *path: str) -> None:
        """Note that the field that is written now is refused where a parameter from its arguments cannot be bound."""
        self._claims.setdefault((self.place, parameter), Claim(self.place, path, parameter))

    def name(self, unknown: Unknown, exists: Callable[[], str]) -> None:
        """Note that the field that is written now is refused where an SQL expression does not hold.

        It is written once for a thing, at the end: it tells of the present, whatever is read as of an instant.
        """
        column, _ = self._known.setdefault((unknown.kind, unknown.value), (f"k{len(self._known) + 1}", exists))
        self._named.setdefault(self.place, {})[unknown] = column

    def mark(self, reason: DomainError | Unknown | None = None) -> str:
        """Return the mark of the field that is written now, as JSON."""
        self._marks.append(Mark(self.place, reason))
        return self._marks[-1].text(len(self._marks) - 1)

    def refusable(self, write: Callable[[], list[Piece]]) -> list[Piece]:
        """Return the JSON text of the field that is written now, or its mark where it is refused."""
        if self.place in self.refused:
            return [self.mark()]
        try:
            text = write()
        except DomainError as error:
            return [self.mark(error)]
        named = self._named.get(self.place, {})
        return [Sql(f"CASE {' '.join(self._unless(named))} ELSE {concatenate(text)} END")] if named else text

    def _unless(self, named: Mapping[Unknown, str]) -> list[str]:
        """Return the alternatives of a field: marks, where what its arguments name is not there."""
        return [
            f"WHEN NOT (SELECT known.{column} FROM known) THEN {quote(self.mark(unknown))}"
            for unknown, column in named.items()
        ]

    def known(self) -> str:
        """Return the clause that looks up what arguments name, for the beginning of the statement."""
        columns = [f"{exists()} AS {column}" for column, exists in self._known.values()]
        return f"WITH known AS MATERIALIZED (SELECT {', '.join(columns)}) " if columns else ""

    def compiled(self, sql: str) -> Compiled:
        """Return the finished statement."""
        claims, parameters = tuple(self._claims.values()), self.parameters.in_order()
        unnamed = dict.fromkeys(claim.parameter for claim in claims if claim.parameter not in self.parameters)
        return Compiled(sql, parameters, claims, tuple(unnamed), tuple(self._marks))

    def look_up(self) -> Compiled | None:
        """Return the statement of a mark where something that arguments name is not there, else null."""
        cases = [case for named in self._named.values() for case in self._unless(named)]
        return self.compiled(f"{self.known()}SELECT CASE {' '.join(cases)} ELSE 'null' END") if cases else None


class Names(dict[str, Any]):
    """What a template may name: fixed names first, then the frame's joins, then rules and ambient parameters."""

    def __init__(self, frame: "Frame", fixed: Mapping[str, str]) -> None:
        super().__init__(fixed)
        self._frame = frame

    def __missing__(self, name: str) -> str:
        return self._frame.named(name)


class Frame:
    """One row of an entity in the statement. Frames joined to it share its FROM clause."""

    def __init__(  # noqa: PLR0913 -- what a row stands in
        self,
        statement: Statement,
        entity: Entity,
        alias: str,
        *,
        clauses: list[str],
        names: Mapping[str, str | Given] | None = None,
        parent: "Frame | None" = None,
        optional: bool = False,
    ) -> None:
        self.statement = statement
        self.entity = entity
        self.alias = alias
        self.clauses = clauses
        self._names = dict(names or {})
        self._parent = parent
        self._joined: dict[str, str] = {}
        self._related: dict[str, Frame] = {}
        self._joins = entity.joins
        self._optional = optional
        """Whether the row may be missing: whatever is joined to it must not take the other rows away."""

    @classmethod
    def over(
        cls,
        statement: Statement,
        entity: Entity,
        source: str,
        parent: "Frame | None" = None,
        names: Mapping[str, str | Given] | None = None,
    ) -> "Frame":
        """Return a frame that starts a FROM clause of its own."""
        alias = statement.alias()
        return cls(
            statement, entity, alias, clauses=[f"{statement.table(source)} AS {alias}"], parent=parent, names=names
        )

    def embedded(self, entity: Entity, names: Mapping[str, str | Given]) -> "Frame":
        """Return a frame of another entity over this very row; it knows this one's names and joins."""
        frame = Frame(
            self.statement,
            entity,
            self.alias,
            clauses=self.clauses,
            names={**self._names, **names},
            parent=self._parent,
            optional=self._optional,
        )
        frame._joined = {} if names else self._joined
        frame._joins = {**self._joins, **entity.joins}
        return frame

    def again(self) -> "Frame":
        """Return a frame that starts a FROM clause of its own, of this very row."""
        return Frame.over(self.statement, self.entity, f"(SELECT {self.alias}.*)")

    @property
    def source(self) -> str:
        """The FROM clause as it stands."""
        return " ".join(self.clauses)

    def fill(self, template: str, **names: str) -> str:
        """Return a template with its names filled in; joins that it names are added."""
        fixed = {"t": self.alias, **names}
        if self._parent is not None:
            fixed["p"] = self._parent.alias
        return template.format_map(Names(self, fixed))

    def column(self, column: Column) -> list[Piece]:
        """Return the JSON text of a column of the row."""
        value = self.fill(column.sql)
        if column.nullable:
            return [Sql(f"coalesce({column.form.render(value)}, 'null')")]
        return column.form.pieces(value)

    def place(self, parameter: Parameter) -> str:
        """Return the placeholder of a parameter."""
        return self.statement.parameters.placeholder(parameter)

    def named(self, name: str) -> str:
        """Return what a name means beyond the fixed ones. Raises KeyError for a template's slip.

        A parameter gets its place here, where a template names it: the server refuses one that nothing uses.
        """
        if name in self._names:
            meaning = self._names[name]
            return meaning if isinstance(meaning, str) else self.place(meaning)
        if name in self._joined:
            return self._joined[name]
        if name in self._joins:
            alias = self._joined[name] = self.statement.alias()
            clause = self.fill(self._joins[name])
            self.clauses.append(f"LEFT {clause}" if self._optional and clause.startswith("JOIN") else clause)
            return alias
        if name.startswith("p_") and self._parent is not None:
            return self._parent.named(name.removeprefix("p_"))
        if name in RULES:
            return self.fill(RULES[name].predicate(self.statement.sight))
        return self.statement.named(name)

    def visible(self) -> list[str]:
        """Return the predicate that the caller may see the row, none where everybody may."""
        rule = self.entity.visible
        return [] if rule is None else [self.fill(rule.predicate(self.statement.sight))]

    def related(self, name: str, one: One, entity: Entity) -> "Frame":
        """Return the frame of a to-one relation, joined flat beside this one; the same relation joins once."""
        if name not in self._related:
            alias = self.statement.alias()
            optional = self._optional or one.nullable
            frame = Frame(self.statement, entity, alias, clauses=self.clauses, parent=self, optional=optional)
            self._related[name] = frame
            self._join(frame, one)
        return self._related[name]

    def _join(self, frame: "Frame", one: One) -> None:
        """Append the join of a to-one relation; what it names of this row is joined before it."""
        entity = frame.entity
        kind = "LEFT JOIN" if frame._optional else "JOIN"  # noqa: SLF001 -- a frame of this class
        if one.lateral is not None:
            self.clauses.append(f"{kind} LATERAL ({frame.fill(one.lateral)}) AS {frame.alias} ON true")
            return
        condition = frame.fill(one.on)
        if one.nullable:
            condition = " AND ".join([condition, *frame.visible()])
        self.clauses.append(f"{kind} {self.statement.table(entity.source)} AS {frame.alias} ON {condition}")
