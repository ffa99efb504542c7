"""A plan becomes one SQL statement that returns the finished JSON as one text value."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from services.core.errors import InvalidInput
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import (
    AnyNode,
    Column,
    Embedded,
    Entity,
    Field,
    Filters,
    Many,
    NodeOf,
    One,
    Paged,
    Series,
)
from services.reads.catalogue.tallied import first_new_month, first_new_year, last_new_month, last_new_year
from services.reads.filters import conditions, require, scalar
from services.reads.moments import Asked, AsOf, Reading, names_instant
from services.reads.nodes import node_of, nodes
from services.reads.page_plan import plan_page
from services.reads.pages import Page
from services.reads.parameters import Given
from services.reads.past import as_of
from services.reads.plan import Argument, Selected, Selection, Variable
from services.reads.refusals import Compiled, Place
from services.reads.statement import Statement
from services.reads.tables import Table
from services.reads.text import Piece, Sql, concatenate, conjunction, json_array, json_object, or_null
from services.reads.units import OPEN_PERIOD, Ends
from services.reads.visibility import Sight

NOTHING: frozenset[Place] = frozenset()


def compile_operation(
    selection: Selection, sight: Sight, *, complete_types: bool = False, refused: frozenset[Place] = NOTHING
) -> Compiled:
    """Return the statement of a query's selection, for callers of a kind: `{"data":…}` with its keys in order.

    With `complete_types`, objects at abstract places carry `__typename`, for a caller that completes values
    itself. Fields that are known to be refused are marks, and so are those whose arguments no request could bind.
    """
    statement = Statement(sight, complete_types=complete_types, refused=refused)
    return _finished(statement, json_object([("data", object_text(_root(statement), selection))]))


def _root(statement: Statement) -> Table:
    """Return the root of a statement, which has no table."""
    return Table(statement, ENTITIES["Query"], "", [], {})


def _finished(statement: Statement, text: list[Piece]) -> Compiled:
    """Return a finished statement of one text."""
    return statement.compiled(f"{statement.known()}SELECT {concatenate(text)}")


def compile_look_up(arguments: Mapping[str, Argument], known: Filters, sight: Sight) -> Compiled | None:
    """Return the statement of a mark where something that arguments name is not there, else null.

    None where they name nothing. It is for what is not answered at once: a file, a subscription.
    """
    statement = Statement(sight)
    require(statement, arguments, known)
    return statement.look_up()


def compile_look_up_of_list(field: Selected, sight: Sight) -> Compiled | None:
    """Return the same for the arguments of a root list."""
    spec = _list(field)
    return compile_look_up(field.arguments, {**spec.arguments, "filter": ENTITIES[spec.entity].filters}, sight)


def _list(field: Selected) -> Paged:
    """Return what a root field that is a list of pages stands for."""
    spec = ENTITIES["Query"].fields[field.name]
    if not isinstance(spec, Paged):
        raise TypeError(f"{field.name} is no list of pages")
    return spec


def compile_rows(field: Selected, sight: Sight) -> Compiled:
    """Return the statement of a root list's `nodes` for callers of a kind: all of them, each a JSON text in its row.

    The page that the field asks for counts for nothing. Raises InvalidInput for arguments that no request could bind.
    """
    statement, spec, selection = Statement(sight), _list(field), _selection(field)
    ((nodes,),) = selection.by_type.values()
    plan = plan_page(spec, ENTITIES[spec.entity], field.arguments, selection)
    page = Page(_root(statement), plan, object_text)
    return statement.compiled(page.every_row(_selection(nodes)))


def _selection(field: Selected) -> Selection:
    """Return what is selected of a field that holds objects. Raises TypeError where nothing is."""
    if field.selection is None:
        raise TypeError(f"{field.name} is an object: its selection is missing")
    return field.selection


KEY = "$key"
"""The variable of `compile_entity`; no operation can declare one of this name."""


def compile_entity(
    entity: str,
    selections: Mapping[str, Selection],
    sight: Sight,
    *,
    complete_types: bool = False,
    refused: frozenset[Place] = NOTHING,
) -> Compiled:
    """Return the statement that reads one row by its key, bound as KEY: an object with a member for each selection.

    A member is null where the caller does not see the row. `complete_types` and `refused` as in `compile_operation`.
    """
    statement = Statement(sight, complete_types=complete_types, refused=refused)
    root = _root(statement)
    fields = tuple(Selected(name, name, {}, selection) for name, selection in selections.items())
    by_key = partial(_by_key, root, ENTITIES[entity])
    return _finished(statement, statement.object(Selection({"": fields}), by_key))


def compile_visible(entity: str, sight: Sight) -> Compiled:
    """Return the statement that reads which rows of a list of keys, bound as KEY, the caller sees: their keys."""
    statement, kind = Statement(sight), ENTITIES[entity]
    table = _root(statement).subquery(kind)
    keys = table.placeholder(Given(Variable((KEY,)), f"{kind.key_type}[]"))
    key = table.fill(kind.key)
    where = conjunction([f"{key} = ANY({keys})", *table.visible()])
    return statement.compiled(f"SELECT coalesce(json_agg({key}), '[]')::text FROM {table.from_clause} WHERE {where}")


def _by_key(root: Table, entity: Entity, field: Selected) -> list[Piece]:
    """Return the row of a key, or null."""
    table = root.subquery(entity)
    key = root.placeholder(Given(Variable((KEY,)), entity.key_type))
    return or_null(_one_row(_selection(field), table, [f"{table.fill(entity.key)} = {key}"]))


def object_text(table: Table, selection: Selection) -> list[Piece]:
    """Return the JSON text of a table's row, or of what it stands for."""
    if table.entity.stands_for is not None:
        return node_of(table, table.entity.stands_for, selection.by_type, partial(_one_row, selection))
    type_name = table.entity.name if selection.abstract else None
    return table.statement.object(selection, partial(_field_text, table), type_name)


def _field_text(table: Table, field: Selected) -> list[Piece]:
    """Return the JSON text of one field of a table's row."""
    spec: Field = table.entity.fields[field.name]
    if isinstance(spec, Column):
        return table.column(spec)
    return table.statement.refusable(partial(_objects, table, spec, field))


def _objects(table: Table, spec: Field, field: Selected) -> list[Piece]:
    """Return the JSON text of a field that holds objects. Raises DomainError for arguments that nothing can bind.

    As of an instant it is a subquery of its own.
    """
    if field.refusal is not None:
        raise field.refusal
    moment = _moment(spec, field.arguments)
    if moment is None:
        return _related(table, spec, field)

    def written() -> str:
        if not isinstance(spec, Embedded):
            return concatenate(_related(table, spec, field))
        row = table.same_row()
        text = concatenate(_related(row, spec, field))
        return f"(SELECT {text} FROM {row.from_clause})"

    table.statement.require(AsOf(moment.as_of, moment.id, Reading.INSTANT), "as_of")
    return [Sql(as_of(table.statement, moment, written))]


def _moment(spec: Field, arguments: Mapping[str, Argument]) -> Asked | None:
    """Return the instant that a field's arguments ask for, by itself or by an id that names it."""
    by = arguments.get("by") if isinstance(spec, One) else None
    key = scalar(by.get("id")) if isinstance(by, Mapping) else None
    named = key if key is not None and names_instant(key) else None
    asked = scalar(arguments.get("as_of"))
    return None if asked is None and named is None else Asked(asked, named)


def _related(table: Table, spec: Field, field: Selected) -> list[Piece]:
    """Return the JSON text of a field that holds objects."""
    selection, arguments = _selection(field), field.arguments
    match spec:
        case One():
            return _one(table, field.name, spec, arguments, selection)
        case Many():
            return _many(table, spec, arguments, selection)
        case Paged():
            plan = plan_page(spec, ENTITIES[spec.entity], arguments, selection)
            return Page(table, plan, object_text).connection(selection)
        case Embedded() | Series():
            return _same_row(table, spec, arguments, selection)
        case AnyNode(argument=argument):
            return nodes(table, spec, arguments[argument], partial(_one_row, selection))
        case NodeOf():
            return node_of(table, spec, selection.by_type, partial(_one_row, selection))
        case _:
            raise TypeError(f"{field.name} is a scalar: it has no selection")


def _one(table: Table, name: str, spec: One, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return the row that arguments name, by a subquery, or the one that is related, by a join."""
    entity = ENTITIES[spec.entity]
    if spec.arguments:
        row = table.subquery(entity)
        known = {name: value for name, value in arguments.items() if name in spec.arguments}
        require(table.statement, known, spec.arguments)
        named = conditions(row, known, spec.arguments) or ["false"]
        on = [] if spec.on == "true" else [row.fill(spec.on)]
        return or_null(_one_row(selection, row, [*on, *named]))
    related = table.related(name, spec, entity)
    text = object_text(related, selection)
    if not spec.nullable:
        return text
    return [Sql(f"CASE WHEN {related.fill(entity.key)} IS NULL THEN 'null' ELSE {concatenate(text)} END")]


def _one_row(selection: Selection, table: Table, predicates: list[str]) -> str:
    """Return the subquery of the one visible row that the predicates find."""
    predicates = [*predicates, *table.visible()]
    text = concatenate(object_text(table, selection))
    return f"(SELECT {text} FROM {table.from_clause} WHERE {conjunction(predicates)})"


def _many(table: Table, spec: Many, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return all matching rows in their order."""
    source = table.fill(spec.source) if spec.source else None
    rows = table.subquery(ENTITIES[spec.entity], source)
    require(table.statement, arguments, spec.arguments)
    predicates = [rows.fill(spec.where), *conditions(rows, arguments, spec.arguments), *rows.visible()]
    order = rows.fill(spec.order)
    text = concatenate(object_text(rows, selection))
    return json_array(f"SELECT {text} FROM {rows.from_clause} WHERE {conjunction(predicates)} ORDER BY {order}")


PERIOD: Mapping[str, tuple[str, str, Callable[[date], date] | None]] = {
    "since": ("from_", "NULL", None),
    "until": ("until", "NULL", None),
    "years_from": ("from_", "'-infinity'", first_new_year),
    "months_from": ("from_", "'-infinity'", first_new_month),
    "months_until": ("until", "'infinity'", last_new_month),
    "years_until": ("until", "'infinity'", last_new_year),
}
"""What a roll-up's templates call the ends of its period: the end, its value where it is open, how it is rounded."""


def _same_row(
    table: Table, spec: Embedded | Series, arguments: Mapping[str, Argument], selection: Selection
) -> list[Piece]:
    """Return what is made from the table's own row: one object, or one for each unit of a period."""
    if isinstance(spec, Series):
        return _series(table, spec, arguments, selection)
    return _embedded(table, spec, arguments, selection)


def _embedded(table: Table, spec: Embedded, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return an object made from the table's own row."""
    statement, names = table.statement, dict[str, str | Given]()
    if spec.period:
        period = arguments.get("period")
        for name, (end, open_end, rounded) in PERIOD.items():
            value = scalar(period.get(end)) if isinstance(period, Mapping) else None
            names[name] = given = f"{open_end}::date" if value is None else Given(value, "date", rounded)
            if isinstance(given, Given):
                statement.require(given, "period")
        names["untallied"] = _untallied(table, spec)
    text = object_text(table.embedded(ENTITIES[spec.entity], names), selection)
    if spec.present is None:
        return text
    return [Sql(f"CASE WHEN {table.fill(spec.present)} THEN {concatenate(text)} ELSE 'null' END")]


def _untallied(table: Table, spec: Embedded | Series) -> str:
    """Return the condition that no tallies tell of the table's row: as of an instant none do."""
    return table.fill(spec.untallied) if table.statement.as_of is None else "true"


def _series(table: Table, spec: Series, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return an object made from the table's own row for each unit of a period. Raises InvalidInput for an open one."""
    period, unit = arguments.get("period"), scalar(arguments.get("unit"))
    since, until = (scalar(period.get(end)) if isinstance(period, Mapping) else None for end in ("from_", "until"))
    if since is None or until is None or unit is None:
        raise InvalidInput(OPEN_PERIOD, path=("period",))
    units = table.statement.alias()
    ends = {name: Ends(since, until, unit, end == "until", rounded) for name, (end, _, rounded) in PERIOD.items()}
    table.statement.require(ends["since"], "period")
    arrays = ", ".join(table.placeholder(parameter) for parameter in ends.values())
    names = {name: f"{units}.{name}" for name in ends}
    row = table.for_each(
        f"unnest({arrays}) WITH ORDINALITY AS {units}({', '.join(names)}, position)",
        ENTITIES[spec.entity],
        {**names, "untallied": _untallied(table, spec)},
    )
    text = concatenate(object_text(row, selection))
    return json_array(f"SELECT {text} FROM {row.from_clause} ORDER BY {units}.position")
