"""Arguments become predicates: filters with and, or, not; look-ups; ranges."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from services.core.errors import InvalidInput
from services.core.scope import is_wide
from services.core.words import Words
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Filter, Filters, Named, Switch
from services.reads.parameters import Given, GivenEach, Parameter
from services.reads.plan import Alike, Argument, Constant, Every, Items, Value, Variable, shaping
from services.reads.refusals import Unknown
from services.reads.statement import Statement
from services.reads.tables import Table
from services.reads.text import conjunction

BRANCHES = frozenset({"and_", "or_", "not_"})
TOO_MANY = Words(
    "Filters have {branches} objects in and, or and not that name things or differ in more than values, at most {most} "
    "are taken in one operation; ask in several.",
    "筛选条件的and、or、not中有{branches}个对象，一次最多{most}个，请分次查询。",
)
MOST_BRANCHES = 128
"""Objects in `and` and `or` of one statement that are written one by one."""

Place = Callable[[Given], str]
"""Gives the SQL of a value."""


def same(given: Given) -> Parameter:
    """Return a value as it is bound by itself."""
    return given


def conditions(table: Table, arguments: Argument, known: Filters, place: Place | None = None) -> list[str]:
    """Return the predicates of an input object, joined by AND. A field that is null is ignored."""
    place, found = place or table.placeholder, list[str]()
    for name, value in arguments.items() if isinstance(arguments, Mapping) else ():
        if value is None or (isinstance(value, Constant) and value.value is None):
            continue
        if name in BRANCHES:
            found.append(_combined(table, name, value, known, place))
        else:
            found.extend(_condition(table, value, known[name], place))
    return found


def require(
    statement: Statement, arguments: Argument, known: Filters, *path: str, given_as: Callable[[Given], Parameter] = same
) -> None:
    """Refuse the field that is written now where a value of an input object cannot be bound or names nothing.

    `given_as` makes the parameter of a value.
    """
    if not isinstance(arguments, Mapping):
        return
    for name, value in arguments.items():
        at, found = (*path, name), known.get(name)
        if name in BRANCHES:
            for branch in _counted(statement, _branches(value), at):
                require(statement, branch, known, *at, given_as=given_as)
            if isinstance(value, Alike):
                flat = name == "or_" and _is_one_list(value.each, known)
                require(statement, value.each, known, *at, given_as=partial(GivenEach, flat=flat))
        elif isinstance(found, Mapping):
            require(statement, value, found, *at, given_as=given_as)
        elif isinstance(found, Filter) and (given := scalar(value)) is not None:
            for details in found.parameters.values():
                statement.require(given_as(Given(given, *details)), *at)
            if found.names is not None:
                thing = Unknown(found.names.entity, given, at)
                statement.require_exists(thing, partial(_is_there, statement, found, found.names, given))


def _is_there(statement: Statement, known: Filter, named: Named, value: Value) -> str:
    """Return the predicate that the thing which a filter names exists and the caller may see it."""
    entity = ENTITIES[named.entity]
    names = {name: Given(value, *details) for name, details in known.parameters.items()}
    table = Table.select_from(statement, entity, names=names)
    predicates = conjunction([table.fill(named.sql), *table.visible()])
    return f"EXISTS (SELECT FROM {table.from_clause} WHERE {predicates})"


def _branches(value: Argument) -> Sequence[Argument]:
    """Return the input objects of and, or, not."""
    if isinstance(value, Mapping):
        return [value]
    return value if isinstance(value, Sequence) else ()


def _counted(statement: Statement, branches: Sequence[Argument], path: tuple[str, ...]) -> Sequence[Argument]:
    """Return input objects that are written one by one. Raises InvalidInput where they become too many."""
    statement.branches += len(branches)
    if statement.branches > MOST_BRANCHES:
        raise InvalidInput(
            TOO_MANY(branches=statement.branches, most=MOST_BRANCHES),
            path=path,
        )
    return branches


def _combined(table: Table, name: str, value: Argument, known: Filters, place: Place) -> str:
    """Return the predicate of and, or, not. Without alternatives `or` is false; `not` of NULL is true."""
    if name == "not_":
        return f"({conjunction(conditions(table, value, known, place))}) IS NOT TRUE"
    if isinstance(value, Alike):
        return _alike(table, name, value.each, known)
    each = [f"({conjunction(conditions(table, branch, known, place))})" for branch in _branches(value)]
    if name == "and_":
        return conjunction(each)
    return f"({' OR '.join(each) or 'false'})"


def _alike(table: Table, name: str, each: Mapping[str, Argument], known: Filters) -> str:
    """Return the predicate of and, or over objects of one form: the same text for any number of them."""
    flat = name == "or_" and _is_one_list(each, known)
    row, columns = table.statement.alias(), dict[GivenEach, str]()

    def column(given: Given) -> str:
        """Return the SQL of a value: of all lists together, or a column of the rows that the objects are."""
        values = GivenEach(given, flat)
        if flat:
            return table.placeholder(values)
        return f"{row}.{columns.setdefault(values, f'c{len(columns) + 1}')}{values.cast}"

    predicate = conjunction(conditions(table, each, known, column))
    if not columns:
        return f"({predicate})"
    arrays = ", ".join(table.placeholder(values) for values in columns)
    rows = f"unnest({arrays}) AS {row}({', '.join(columns.values())})"
    if name == "or_":
        return f"EXISTS (SELECT FROM {rows} WHERE {predicate})"
    return f"NOT EXISTS (SELECT FROM {rows} WHERE ({predicate}) IS NOT TRUE)"


def _is_one_list(each: Mapping[str, Argument], known: Filters) -> bool:
    """Return whether an object has one field, which takes a list of values to be among."""
    if len(each) != 1:
        return False
    ((name, value),) = each.items()
    found = known.get(name)
    if value is None or not isinstance(found, Filter):
        return False
    return all(sql_type.endswith("[]") for sql_type, _ in found.parameters.values())


def _condition(table: Table, value: Argument, known: "Filter | Switch | Filters", place: Place) -> list[str]:
    """Return the predicates of one field of an input object."""
    match known:
        case Filter(sql, parameters, wide):
            if not isinstance(value, Constant | Variable | Every | Items):
                raise TypeError(f"a filter takes a scalar or a list of scalars, not {value!r}")
            places = {name: place(Given(value, *details)) for name, details in parameters.items()}
            return [table.fill(wide if wide is not None and is_wide(str(shaping(value))) else sql, **places)]
        case Switch(when_true, when_false):
            return [table.fill(when_true if shaping(value) else when_false)]
        case _:
            return conditions(table, value, known, place)


def scalar(value: Argument) -> Value | None:
    """Return a scalar argument's value; None where it is missing or null."""
    if isinstance(value, Constant | Variable | Every | Items):
        return None if isinstance(value, Constant) and value.value is None else value
    return None
