"""A plan becomes one SQL statement that returns the finished JSON as one text value."""

from collections.abc import Mapping
from functools import partial

from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import AnyNode, Column, Embedded, Entity, Field, Filters, Many, NodeOf, One, Paged
from services.reads.catalogue.tallied import first_new_month, first_new_year, last_new_month, last_new_year
from services.reads.filters import conditions, conjunction, hold, scalar
from services.reads.frames import Frame, Statement
from services.reads.moments import Asked, AsOf, Moment, Reading, names_instant
from services.reads.nodes import node_of, nodes
from services.reads.pages import Page
from services.reads.parameters import Given
from services.reads.past import as_of
from services.reads.plan import TYPENAME, Argument, Selected, Selection, Variable
from services.reads.refusals import Compiled, Place
from services.reads.text import Piece, Sql, concatenate, json_object
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
    frame = Frame(statement, ENTITIES["Query"], "", clauses=[])
    return _finished(statement, json_object([("data", object_text(frame, selection))]))


def _finished(statement: Statement, text: list[Piece]) -> Compiled:
    """Return a finished statement of one text."""
    return statement.compiled(f"{statement.known()}SELECT {concatenate(text)}")


def compile_look_up(arguments: Mapping[str, Argument], known: Filters, sight: Sight) -> Compiled | None:
    """Return the statement of a mark where something that arguments name is not there, else null.

    None where they name nothing. It is for what is not answered at once: a file, a subscription.
    """
    statement = Statement(sight)
    hold(statement, arguments, known)
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
    statement = Statement(sight)
    frame = Frame(statement, ENTITIES["Query"], "", clauses=[])
    spec = _list(field)
    ((nodes,),) = field.selection.by_type.values() if field.selection else ((None,),)
    if nodes is None or nodes.selection is None:
        raise TypeError(f"{field.name} are objects: their selection is missing")
    page = Page(frame, spec, ENTITIES[spec.entity], field.arguments, object_text)
    return statement.compiled(page.every(nodes.selection))


KEY = "$key"
"""The variable of `compile_entity`; no operation can declare one of this name."""


def compile_entity(
    entity: str,
    selections: Mapping[str, Selection],
    sight: Sight,
    *,
    complete_types: bool = True,
    refused: frozenset[Place] = NOTHING,
) -> Compiled:
    """Return the statement that reads one row by its key, bound as KEY: an object with a member for each selection.

    A member is null where the caller does not see the row. `complete_types` and `refused` as in `compile_operation`.
    """
    statement = Statement(sight, complete_types=complete_types, refused=refused)
    root = Frame(statement, ENTITIES["Query"], "", clauses=[])
    members = []
    for name, selection in selections.items():
        with statement.at("", name):
            members.append((name, _by_key(root, ENTITIES[entity], selection)))
    return _finished(statement, json_object(members))


def compile_visible(entity: str, sight: Sight) -> Compiled:
    """Return the statement that reads which rows of a list of keys, bound as KEY, the caller sees: their keys."""
    statement = Statement(sight)
    root = Frame(statement, ENTITIES["Query"], "", clauses=[])
    kind = ENTITIES[entity]
    rows = Frame.over(statement, kind, kind.source, parent=root)
    keys = root.place(Given(Variable((KEY,)), f"{kind.key_type}[]"))
    key = rows.fill(kind.key)
    predicates = conjunction([f"{key} = ANY({keys})", *rows.visible()])
    return statement.compiled(f"SELECT coalesce(json_agg({key}), '[]')::text FROM {rows.source} WHERE {predicates}")


def _by_key(root: Frame, entity: Entity, selection: Selection) -> list[Piece]:
    """Look one row up by its key."""
    found = Frame.over(root.statement, entity, entity.source, parent=root)
    key = root.place(Given(Variable((KEY,)), entity.key_type))
    return [Sql(f"coalesce({_looked_up(selection, found, [f'{found.fill(entity.key)} = {key}'])}, 'null')")]


def object_text(frame: Frame, selection: Selection) -> list[Piece]:
    """Return the JSON text of a frame's row, or of what it stands for."""
    if frame.entity.stands_for is not None:
        return _named(frame, frame.entity.stands_for, selection)
    if not selection.abstract:
        ((type_name, fields),) = selection.by_type.items()
    else:
        type_name = frame.entity.name
        fields = selection.of(type_name)
    if type_name in selection.refusals:
        return [frame.statement.mark(selection.refusals[type_name])]
    members = [(field.key, field_text(frame, field, type_name)) for field in fields]
    if selection.abstract and frame.statement.complete_types and all(key != TYPENAME for key, _ in members):
        members.append((TYPENAME, [f'"{type_name}"']))
    return json_object(members)


def field_text(frame: Frame, field: Selected, type_name: str) -> list[Piece]:
    """Return the JSON text of one field of a frame's row."""
    if field.name == TYPENAME:
        return [f'"{type_name}"']
    spec: Field = frame.entity.fields[field.name]
    if isinstance(spec, Column):
        return frame.column(spec)
    with frame.statement.at(type_name, field.key):
        return frame.statement.refusable(lambda: _object(frame, spec, field))


def _object(frame: Frame, spec: Field, field: Selected) -> list[Piece]:
    """Return the JSON text of a field that holds objects. Raises DomainError for arguments that nothing can bind."""
    if field.refusal is not None:
        raise field.refusal
    if field.selection is None:
        raise TypeError(f"{field.name} is an object: its selection is missing")
    moment = _moment(spec, field.arguments)
    if moment is None:
        return _related(frame, spec, field, field.selection)
    frame.statement.claim(AsOf(moment.as_of, moment.id, Reading.INSTANT), "as_of")
    return _as_of(frame, spec, field, field.selection, moment)


def _moment(spec: Field, arguments: Mapping[str, Argument]) -> Asked | None:
    """Return the instant that a field's arguments ask for, by itself or by an id that names it."""
    by = arguments.get("by") if isinstance(spec, One) else None
    key = scalar(by.get("id")) if isinstance(by, Mapping) else None
    named = key if key is not None and names_instant(key) else None
    asked = scalar(arguments.get("as_of"))
    return None if asked is None and named is None else Asked(asked, named)


def _as_of(frame: Frame, spec: Field, field: Selected, selection: Selection, moment: Moment) -> list[Piece]:
    """Return the JSON text of a field that holds objects, as things stood: a subquery of its own."""

    def written() -> str:
        if not isinstance(spec, Embedded):
            return concatenate(_related(frame, spec, field, selection))
        row = frame.again()
        text = concatenate(_related(row, spec, field, selection))
        return f"(SELECT {text} FROM {row.source})"

    return [Sql(as_of(frame.statement, moment, written))]


def _related(frame: Frame, spec: Field, field: Selected, selection: Selection) -> list[Piece]:
    """Return the JSON text of a field that holds objects."""
    match spec:
        case One():
            return _one(frame, field.name, spec, field.arguments, selection)
        case Many():
            return _many(frame, spec, field.arguments, selection)
        case Paged(entity=entity):
            return Page(frame, spec, ENTITIES[entity], field.arguments, object_text).pieces(selection)
        case Embedded():
            return _embedded(frame, spec, field.arguments, selection)
        case AnyNode(argument=argument):
            return nodes(frame, spec, field.arguments[argument], partial(_looked_up, selection))
        case NodeOf():
            return _named(frame, spec, selection)
        case _:
            raise TypeError(f"{field.name} is a scalar: it has no selection")


def _named(frame: Frame, spec: NodeOf, selection: Selection) -> list[Piece]:
    """Return the object that a row names."""
    entities = [ENTITIES[name] for name in selection.by_type]
    return node_of(frame, spec, entities, partial(_looked_up, selection))


def _one(frame: Frame, name: str, spec: One, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Join a related row flat, or look one up by its key."""
    entity = ENTITIES[spec.entity]
    if spec.arguments:
        found = Frame.over(frame.statement, entity, entity.source, parent=frame)
        known = {name: value for name, value in arguments.items() if name in spec.arguments}
        hold(frame.statement, known, spec.arguments)
        named = conditions(found, known, spec.arguments)
        predicates = [*([] if spec.on == "true" else [found.fill(spec.on)]), *(named or ["false"])]
        return [Sql(f"coalesce({_looked_up(selection, found, predicates)}, 'null')")]
    related = frame.related(name, spec, entity)
    text = object_text(related, selection)
    if not spec.nullable:
        return text
    return [Sql(f"CASE WHEN {related.fill(entity.key)} IS NULL THEN 'null' ELSE {concatenate(text)} END")]


def _looked_up(selection: Selection, frame: Frame, predicates: list[str]) -> str:
    """Return the subquery of the one visible row that the predicates find; null where there is none."""
    predicates = [*predicates, *frame.visible()]
    text = concatenate(object_text(frame, selection))
    return f"(SELECT {text} FROM {frame.source} WHERE {conjunction(predicates)})"


def _many(frame: Frame, spec: Many, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return all matching rows in their order."""
    entity = ENTITIES[spec.entity]
    source = frame.fill(spec.source) if spec.source else entity.source
    rows = Frame.over(frame.statement, entity, source, parent=frame)
    hold(frame.statement, arguments, spec.arguments)
    predicates = [rows.fill(spec.where), *conditions(rows, arguments, spec.arguments), *rows.visible()]
    order = rows.fill(spec.order)
    text = concatenate(object_text(rows, selection))
    array = f"ARRAY(SELECT {text} FROM {rows.source} WHERE {conjunction(predicates)} ORDER BY {order})"
    return ["[", Sql(f"array_to_string({array}, ',')"), "]"]


def _embedded(frame: Frame, spec: Embedded, arguments: Mapping[str, Argument], selection: Selection) -> list[Piece]:
    """Return an object made from the frame's own row."""
    names = _period(arguments.get("period")) if spec.period else {}
    for given in names.values():
        if isinstance(given, Given):
            frame.statement.claim(given, "period")
    if spec.period:
        names["untallied"] = frame.fill(spec.untallied) if frame.statement.as_of is None else "true"
    text = object_text(frame.embedded(ENTITIES[spec.entity], names), selection)
    if spec.present is None:
        return text
    return [Sql(f"CASE WHEN {frame.fill(spec.present)} THEN {concatenate(text)} ELSE 'null' END")]


def _period(period: Argument) -> dict[str, str | Given]:
    """Return what a roll-up's templates call the ends of its period."""
    given = period if isinstance(period, Mapping) else {}
    since, until = scalar(given.get("from_")), scalar(given.get("until"))
    names: dict[str, str | Given] = {
        "since": "NULL::date",
        "until": "NULL::date",
        "years_from": "'-infinity'::date",
        "months_from": "'-infinity'::date",
        "months_until": "'infinity'::date",
        "years_until": "'infinity'::date",
    }
    if since is not None:
        names["since"] = Given(since, "date")
        names["years_from"] = Given(since, "date", first_new_year)
        names["months_from"] = Given(since, "date", first_new_month)
    if until is not None:
        names["until"] = Given(until, "date")
        names["years_until"] = Given(until, "date", last_new_year)
        names["months_until"] = Given(until, "date", last_new_month)
    return names
