"""A statement being written: its parameters, its aliases, and which of its fields are refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from services.core.errors import DomainError
from services.reads.moments import Moment, Reading
from services.reads.parameters import Ambient, Parameter, Parameters
from services.reads.plan import TYPENAME, Selected, Selection, Value
from services.reads.refusals import Compiled, Mark, Place, Required, Unknown
from services.reads.text import Piece, Sql, concatenate, json_object, quote
from services.reads.visibility import Sight


@dataclass(slots=True)
class Statement:
    """What all tables of one statement share."""

    sight: Sight
    complete_types: bool = False
    """Whether objects at abstract places carry their type's name for a caller that completes them."""
    parameters: Parameters = field(default_factory=Parameters)
    refused: frozenset[Place] = frozenset()
    """Fields that are known to be refused: they are marks."""
    as_of: Moment | None = None
    """The instant as of which the field being written reads; None for the present."""
    place: Place = ()
    """The field being written."""
    branches: int = 0
    """How many objects in `and`, `or` and `not` of filters are written one by one."""
    tables: set[str] = field(default_factory=set)
    """The tables that were named since the reading as of an instant began."""
    _required: dict[tuple[Place, Parameter], Required] = field(default_factory=dict)
    _marks: list[Mark] = field(default_factory=list)
    _known: dict[tuple[str, Value], tuple[str, Callable[[], str]]] = field(default_factory=dict)
    """For each thing that an argument names, a column of `known` and what writes whether it is there."""
    _named: dict[Place, dict[Unknown, str]] = field(default_factory=dict)
    """What the arguments of a field name, each with its column of `known`."""
    _aliases: "count[int]" = field(default_factory=lambda: count(1))

    def resolve(self, name: str) -> str:
        """Return the SQL of a name that every template may use. Raises KeyError.

        As of an instant, `today` is its day, `at_instant` ends ids with it, `table_<name>` is a table as it stood, and
        `or_past` makes a condition true that rows tell of the present alone.
        """
        if name.startswith("table_"):
            return self.table(name.removeprefix("table_"))
        if name == "at_instant":
            return "" if self.as_of is None else f" || {self.as_of.sql(self.parameters, Reading.SUFFIX)}"
        if name == "or_past":
            return "" if self.as_of is None else " OR true"
        if name == "today" and self.as_of is not None:
            return self.as_of.sql(self.parameters, Reading.DAY)
        return self.parameters.placeholder(Ambient[name])

    def table(self, name: str) -> str:
        """Return the name of a table, whose past is read as of an instant."""
        self.tables.add(name)
        return name

    def alias(self) -> str:
        """Return an alias that is not used yet."""
        return f"t{next(self._aliases)}"

    def require(self, parameter: Parameter, *path: str) -> None:
        """Refuse the field being written in requests whose value of a parameter cannot be bound."""
        self._required.setdefault((self.place, parameter), Required(self.place, path, parameter))

    def require_exists(self, unknown: Unknown, exists: Callable[[], str]) -> None:
        """Refuse the field being written in requests for which a predicate is false.

        The predicate is written once for a thing, at the end: it reads the present, whatever is read as of an instant.
        """
        column, _ = self._known.setdefault((unknown.kind, unknown.value), (f"k{len(self._known) + 1}", exists))
        self._named.setdefault(self.place, {})[unknown] = column

    def mark(self, reason: DomainError | Unknown | None = None) -> str:
        """Return the mark of the field being written, as JSON."""
        self._marks.append(Mark(self.place, reason))
        return self._marks[-1].text(len(self._marks) - 1)

    def object(
        self, selection: Selection, member: Callable[[Selected], list[Piece]], type_name: str | None = None
    ) -> list[Piece]:
        """Return the JSON object of a selection, or its mark where the selection is refused.

        The type has to be named where the selection is on several.
        """
        if type_name is None:
            (type_name,) = selection.by_type
        if type_name in selection.refusals:
            return [self.mark(selection.refusals[type_name])]
        typename: list[Piece] = [f'"{type_name}"']
        members: list[tuple[str, list[Piece]]] = []
        place = self.place
        try:
            for each in selection.of(type_name):
                self.place = (*place, (type_name, each.key))
                members.append((each.key, typename if each.name == TYPENAME else member(each)))
        finally:
            self.place = place
        if selection.abstract and self.complete_types and all(key != TYPENAME for key, _ in members):
            members.append((TYPENAME, typename))
        return json_object(members)

    def refusable(self, write: Callable[[], list[Piece]]) -> list[Piece]:
        """Return the JSON text of the field being written, or its mark where it is refused."""
        if self.place in self.refused:
            return [self.mark()]
        try:
            text = write()
        except DomainError as error:
            return [self.mark(error)]
        named = self._named.get(self.place, {})
        return [Sql(f"CASE {' '.join(self._unless(named))} ELSE {concatenate(text)} END")] if named else text

    def _unless(self, named: Mapping[Unknown, str]) -> list[str]:
        """Return the WHEN clauses that give marks where what a field's arguments name is not there."""
        return [
            f"WHEN NOT (SELECT known.{column} FROM known) THEN {quote(self.mark(unknown))}"
            for unknown, column in named.items()
        ]

    def known(self) -> str:
        """Return the WITH clause that looks up what arguments name."""
        columns = [f"{exists()} AS {column}" for column, exists in self._known.values()]
        return f"WITH known AS MATERIALIZED (SELECT {', '.join(columns)}) " if columns else ""

    def compiled(self, sql: str) -> Compiled:
        """Return the finished statement."""
        required, parameters = tuple(self._required.values()), tuple(self.parameters)
        unnamed = dict.fromkeys(each.parameter for each in required if each.parameter not in self.parameters)
        return Compiled(sql, parameters, required, tuple(unnamed), tuple(self._marks))

    def look_up(self) -> Compiled | None:
        """Return the statement of a mark where something that arguments name is not there, else null."""
        cases = [case for named in self._named.values() for case in self._unless(named)]
        return self.compiled(f"{self.known()}SELECT CASE {' '.join(cases)} ELSE 'null' END") if cases else None
