"""Connections: a page by keyset, with edges, nodes, page information and totals only where selected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.core.errors import InvalidInput
from services.reads.catalogue.shape import Entity, Paged
from services.reads.cursors import CursorValue, Key, cursor_sql, signature
from services.reads.filters import conditions, conjunction, scalar
from services.reads.frames import Frame
from services.reads.parameters import Given
from services.reads.plan import TYPENAME, Argument, Constant, Selected, Selection, Value, shaping
from services.reads.text import Form, Piece, Sql, concatenate, json_object

PAGE_DEFAULT = 20
PAGE_MOST = 100

ObjectText = Callable[[Frame, Selection], list[Piece]]


def page_size(size: int) -> int:
    """Return a page's size. Raises InvalidInput outside 0 to 100."""
    if not 0 <= size <= PAGE_MOST:
        raise InvalidInput(f"A page has 0 to {PAGE_MOST} items; {size} were asked for.")
    return size


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the list is wanted: how many, from which end, beyond which cursor."""

    size: Given
    backward: bool
    cursor: Value | None

    @classmethod
    def of(cls, arguments: Mapping[str, Argument]) -> "Span":
        """Read first, after, last, before. Raises InvalidInput for a page with two ends."""
        first, last = scalar(arguments.get("first")), scalar(arguments.get("last"))
        after, before = scalar(arguments.get("after")), scalar(arguments.get("before"))
        if (first and last) or (after and before) or (first and before) or (last and after):
            raise InvalidInput("A page is asked for by first and after, or by last and before; not by both.")
        backward = last is not None or before is not None
        size = first or last or Constant(PAGE_DEFAULT)
        return cls(Given(size, "bigint", page_size), backward, before if backward else after)


def ordering(entity: Entity, argument: Argument) -> list[Key]:
    """Return the keys of a list's order, unique tiebreak excluded. Each element names one order."""
    if not isinstance(argument, list | tuple) or not argument:
        return [Key(name, entity.orders[name], descending) for name, descending in entity.default_order]
    keys = []
    for element in argument:
        if not isinstance(element, Mapping):
            raise TypeError(f"an order is an object with one field, not {element!r}")
        ((name, direction),) = element.items()
        keys.append(Key(name, entity.orders[name], shaping(direction) == "DESC"))
    return keys


class Page:
    """A connection being written into the statement."""

    def __init__(
        self, parent: Frame, spec: Paged, entity: Entity, arguments: Mapping[str, Argument], object_text: ObjectText
    ) -> None:
        self._parent = parent
        self._spec = spec
        self._entity = entity
        self._arguments = arguments
        self._object_text = object_text
        self._span = Span.of(arguments)
        self._keys = ordering(entity, arguments.get("order_by"))
        self._words = signature(entity.name, self._keys)
        self._columns: list[str] = []
        self._outer = Frame.over(parent.statement, entity, "", parent=parent)

    def pieces(self, selection: Selection) -> list[Piece]:
        """Return the JSON text of the connection."""
        ((type_name, fields),) = selection.by_type.items()
        members = [(field.key, self._member(field, type_name)) for field in fields]
        text = json_object(members)
        if not self._columns:
            return text
        columns = ", ".join([*self._columns, f"row_number() OVER (ORDER BY {self._outer_order()}) AS position"])
        self._outer.clauses[0] = f"({self._rows()}) AS {self._outer.alias}"
        return [Sql(f"(SELECT {concatenate(text)} FROM (SELECT {columns} FROM {self._outer.source}) AS page)")]

    def _member(self, field: Selected, type_name: str) -> list[Piece]:
        match field.name:
            case "nodes" if field.selection is not None:
                return self._list(self._object_text(self._outer, field.selection))
            case "edges" if field.selection is not None:
                return self._list(self._edge(field.selection))
            case "page_info" if field.selection is not None:
                return self._page_info(field.selection)
            case "total_count":
                return [Sql(self._total())]
            case _:
                return [f'"{type_name}"']

    def _column(self, expression: str) -> str:
        """Select an expression for each row of the page; return its name."""
        name = f"c{len(self._columns)}"
        self._columns.append(f"{expression} AS {name}")
        return name

    def _kept(self) -> str:
        """Return the predicate that drops the one row read beyond the page."""
        return f"FILTER (WHERE position <= {self._parent.place(self._span.size)})"

    def _list(self, text: list[Piece]) -> list[Piece]:
        name = self._column(concatenate(text))
        direction = " DESC" if self._span.backward else ""
        items = f"string_agg({name}, ',' ORDER BY position{direction}) {self._kept()}"
        return ["[", Sql(f"coalesce({items}, '')"), "]"]

    def _edge(self, selection: Selection) -> list[Piece]:
        ((type_name, fields),) = selection.by_type.items()
        members: list[tuple[str, list[Piece]]] = []
        for field in fields:
            if field.name == "node" and field.selection is not None:
                members.append((field.key, self._object_text(self._outer, field.selection)))
            elif field.name == "cursor":
                members.append((field.key, [Sql(Form.LITERAL.render(self._cursor()))]))
            else:
                members.append((field.key, [f'"{type_name}"']))
        return json_object(members)

    def _page_info(self, selection: Selection) -> list[Piece]:
        ((type_name, fields),) = selection.by_type.items()
        return json_object((field.key, self._page_fact(field.name, type_name)) for field in fields)

    def _page_fact(self, name: str, type_name: str) -> list[Piece]:
        backward = self._span.backward
        if name == TYPENAME:
            return [f'"{type_name}"']
        if name in {"start_cursor", "end_cursor"}:
            column = self._column(self._cursor())
            direction = "ASC" if (name == "start_cursor") != backward else "DESC"
            edge = f"(array_agg({column} ORDER BY position {direction}) {self._kept()})[1]"
            return [Sql(f"coalesce({Form.LITERAL.render(edge)}, 'null')")]
        if (name == "has_next_page") != backward:
            self._columns.append("true")
            return [Sql(Form.PLAIN.render(f"count(*) > {self._parent.place(self._span.size)}"))]
        return ["true" if self._span.cursor is not None else "false"]

    def _total(self) -> str:
        frame, where = self._filtered()
        return f"(SELECT count(*) FROM {frame.source} WHERE {where})::text"

    def _filtered(self) -> tuple[Frame, str]:
        """Return a frame over all rows of the list and their predicate, visibility included."""
        frame = Frame.over(self._parent.statement, self._entity, self._entity.source, parent=self._parent)
        deep = self._spec.deep is not None and shaping(self._arguments.get("deep")) is True
        predicates = [frame.fill(self._spec.deep if deep and self._spec.deep else self._spec.where)]
        own = {name: value for name, value in self._arguments.items() if name in self._spec.arguments}
        predicates += conditions(frame, own, self._spec.arguments)
        predicates += conditions(frame, self._arguments.get("filter"), self._entity.filters)
        if self._entity.visible is not None:
            predicates.append(frame.fill(self._entity.visible))
        return frame, conjunction([predicate for predicate in predicates if predicate != "true"])

    def _rows(self) -> str:
        """Return the subquery of the page's rows and of one more, with the values of its order."""
        frame, where = self._filtered()
        keys = [frame.fill(key.order.sql) for key in self._keys]
        tiebreak = frame.fill(self._entity.key)
        selected = [f"{frame.alias}.*", *(f"{key} AS order_{index}" for index, key in enumerate(keys))]
        if self._span.cursor is not None:
            where = f"{where} AND {self._beyond(frame, keys, tiebreak)}"
        order = self._directed([*keys, tiebreak])
        limit = f"{self._parent.place(self._span.size)} + 1"
        return f"SELECT {', '.join(selected)} FROM {frame.source} WHERE {where} ORDER BY {order} LIMIT {limit}"

    def _outer_order(self) -> str:
        columns = [f"{self._outer.alias}.order_{index}" for index in range(len(self._keys))]
        return self._directed([*columns, self._outer.fill(self._entity.key)])

    def _directed(self, expressions: list[str]) -> str:
        """Return ORDER BY's list; nulls stand last, seen from the front."""
        backward = self._span.backward
        parts = []
        for expression, key in zip(expressions, [*self._keys, None], strict=True):
            descending = (key.descending if key else False) != backward
            nulls = f" NULLS {'FIRST' if backward else 'LAST'}" if key and key.order.nullable else ""
            parts.append(f"{expression}{' DESC' if descending else ''}{nulls}")
        return ", ".join(parts)

    def _cursor(self) -> str:
        columns = [f"{self._outer.alias}.order_{index}" for index in range(len(self._keys))]
        return cursor_sql(self._words, [*columns, self._outer.fill(self._entity.key)])

    def _beyond(self, frame: Frame, keys: list[str], tiebreak: str) -> str:
        """Return the predicate that a row stands beyond the cursor, seen in the direction of reading."""
        types = [key.order.sql_type for key in self._keys] + [self._entity.key_type]
        nullable = [key.order.nullable for key in self._keys] + [False]
        downward = [key.descending != self._span.backward for key in self._keys] + [self._span.backward]
        alternatives, equal = [], list[str]()
        for index, expression in enumerate([*keys, tiebreak]):
            cursor = self._span.cursor
            if cursor is None:
                continue
            value = frame.place(Given(cursor, types[index], CursorValue(self._words, index, types[index])))
            further = f"{expression} {'<' if downward[index] else '>'} {value}"
            if nullable[index] and self._span.backward:
                further = f"({further} OR ({value} IS NULL AND {expression} IS NOT NULL))"
            elif nullable[index]:
                further = f"({further} OR ({expression} IS NULL AND {value} IS NOT NULL))"
            alternatives.append(f"({conjunction([*equal, further])})")
            equal.append(f"{expression} IS NOT DISTINCT FROM {value}" if nullable[index] else f"{expression} = {value}")
        return f"({' OR '.join(alternatives)})"
