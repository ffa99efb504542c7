"""Arguments become predicates: filters with and, or, not; look-ups; ranges."""

from collections.abc import Mapping, Sequence
from functools import partial

from services.core.scope import is_wide
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Filter, Filters, Named, Switch
from services.reads.parameters import Given
from services.reads.plan import Argument, Constant, Items, Value, Variable, shaping
from services.reads.refusals import Unknown
from services.reads.statement import Statement
from services.reads.tables import Table
from services.reads.text import conjunction

BRANCHES = frozenset({"and_", "or_", "not_"})


def conditions(table: Table, arguments: Argument, known: Filters) -> list[str]:
    """Return the predicates of an input object, joined by AND. A field that is null is ignored."""
    found: list[str] = []
    for name, value in arguments.items() if isinstance(arguments, Mapping) else ():
        if value is None or (isinstance(value, Constant) and value.value is None):
            continue
        if name in BRANCHES:
            found.append(_combined(table, name, value, known))
        else:
            found.extend(_condition(table, value, known[name]))
    return found


def require(statement: Statement, arguments: Argument, known: Filters, *path: str) -> None:
    """Refuse the field being written where a value of an input object cannot be bound or names nothing."""
    if not isinstance(arguments, Mapping):
        return
    for name, value in arguments.items():
        at, found = (*path, name), known.get(name)
        if name in BRANCHES:
            for branch in _branches(value):
                require(statement, branch, known, *at)
        elif isinstance(found, Mapping):
            require(statement, value, found, *at)
        elif isinstance(found, Filter) and (given := scalar(value)) is not None:
            for details in found.parameters.values():
                statement.require(Given(given, *details), *at)
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


def _combined(table: Table, name: str, value: Argument, known: Filters) -> str:
    """Return the predicate of and, or, not. Without alternatives `or` is false; `not` of NULL is true."""
    if name == "not_":
        return f"({conjunction(conditions(table, value, known))}) IS NOT TRUE"
    each = [f"({conjunction(conditions(table, branch, known))})" for branch in _branches(value)]
    if name == "and_":
        return conjunction(each)
    return f"({' OR '.join(each) or 'false'})"


def _condition(table: Table, value: Argument, known: "Filter | Switch | Filters") -> list[str]:
    """Return the predicates of one field of an input object."""
    match known:
        case Filter(sql, parameters, wide):
            if not isinstance(value, Constant | Variable | Items):
                raise TypeError(f"a filter takes a scalar or a list of scalars, not {value!r}")
            places = {name: table.placeholder(Given(value, *details)) for name, details in parameters.items()}
            return [table.fill(wide if wide is not None and is_wide(str(shaping(value))) else sql, **places)]
        case Switch(when_true, when_false):
            return [table.fill(when_true if shaping(value) else when_false)]
        case _:
            return conditions(table, value, known)


def scalar(value: Argument) -> Value | None:
    """Return a scalar argument's value; None where it is missing or null."""
    if isinstance(value, Constant | Variable | Items):
        return None if isinstance(value, Constant) and value.value is None else value
    return None
