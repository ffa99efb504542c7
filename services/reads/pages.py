"""Connections: a page by keyset, with edges, nodes, page information and totals only where selected."""

from collections.abc import Callable, Mapping

from services.core.scope import CITY_SPAN
from services.reads.catalogue.shape import Entity, Paged
from services.reads.cursors import CursorValue, cursor_sql, signature
from services.reads.filters import conditions, conjunction, hold, scalar
from services.reads.frames import Frame
from services.reads.parameters import Given
from services.reads.plan import TYPENAME, Argument, Selected, Selection, shaping
from services.reads.spans import PAGE_MOST, Span, ordering
from services.reads.text import Form, Piece, Sql, concatenate, json_object

ObjectText = Callable[[Frame, Selection], list[Piece]]


class Page:
    """A connection being written into the statement.

    A list alone becomes an ARRAY of its rows' texts. Where page information or both lists are selected, the rows
    are gathered once, one more than the page holds, into arrays that all members are cut from.
    """

    def __init__(
        self, parent: Frame, spec: Paged, entity: Entity, arguments: Mapping[str, Argument], object_text: ObjectText
    ) -> None:
        self._parent = parent
        self._spec = spec
        self._entity = entity
        self._arguments = arguments
        self._object_text = object_text
        self._own = {name: value for name, value in arguments.items() if name in spec.arguments}
        self._span = Span.of(arguments)
        self._keys = ordering(entity, arguments.get("order_by"))
        self._words = signature(entity.name, self._keys)
        self._columns: list[str] = []
        self._names = {
            name: Given(value, sql_type, via)
            for name, (argument, sql_type, via) in spec.given.items()
            if (value := scalar(arguments.get(argument))) is not None
        }
        self._hold()
        self._row = self._frame()
        self._page = parent.statement.alias()

    def _hold(self) -> None:
        """Note what has to hold for the arguments."""
        statement, span = self._parent.statement, self._span
        if isinstance(span.size, Given):
            statement.claim(span.size, "last" if span.backward else "first")
        if span.cursor is not None:
            first = CursorValue(span.cursor, self._words, 0, self._keys[0].order.sql_type)
            statement.claim(first, "before" if span.backward else "after")
        for name, (argument, _, _) in self._spec.given.items():
            if name in self._names:
                statement.claim(self._names[name], argument)
        hold(statement, self._own, self._spec.arguments)
        hold(statement, self._arguments.get("filter"), self._entity.filters, "filter")

    def _frame(self) -> Frame:
        """Return a frame over the list's rows."""
        parent, entity = self._parent, self._entity
        return Frame.over(parent.statement, entity, entity.source, parent=parent, names=self._names)

    def pieces(self, selection: Selection) -> list[Piece]:
        """Return the JSON text of the connection."""
        ((type_name, fields),) = selection.by_type.items()
        if type_name in selection.refusals:
            return [self._parent.statement.mark(selection.refusals[type_name])]
        lists = [field for field in fields if field.name in {"nodes", "edges"}]
        alone = len(lists) == 1 and all(field.name != "page_info" for field in fields)
        text = json_object([(field.key, self._member(field, type_name, alone=alone)) for field in fields])
        if self._columns:
            return [Sql(f"(SELECT {concatenate(text)} FROM ({self._gathered()}) AS {self._page})")]
        return text

    def every(self, selection: Selection) -> str:
        """Return the query of all items of the list in their order, one JSON text each, wherever a page would end."""
        text = concatenate(self._object_text(self._row, selection))
        where = conjunction(self._predicates(self._row, self._beneath()))
        order = self._directed(self._expressions(self._row), backward=False)
        return f"SELECT {text} FROM {self._row.source} WHERE {where} ORDER BY {order}"

    def _member(self, field: Selected, type_name: str, *, alone: bool) -> list[Piece]:
        match field.name:
            case "nodes" if field.selection is not None:
                with self._parent.statement.at(type_name, field.key):
                    return self._list(self._object_text(self._row, field.selection), alone=alone)
            case "edges" if field.selection is not None:
                with self._parent.statement.at(type_name, field.key):
                    return self._list(self._edge(field.selection), alone=alone)
            case "page_info" if field.selection is not None:
                with self._parent.statement.at(type_name, field.key):
                    return self._page_info(field.selection)
            case "total_count":
                return [Sql(self._total())]
            case _:
                return [f'"{type_name}"']

    def _list(self, text: list[Piece], *, alone: bool) -> list[Piece]:
        items = concatenate(text)
        if alone:
            return ["[", Sql(f"array_to_string(ARRAY({self._rows(items, self._limit())}), ',')"), "]"]
        return ["[", Sql(f"coalesce(array_to_string({self._kept(self._column(items))}, ','), '')"), "]"]

    def _edge(self, selection: Selection) -> list[Piece]:
        ((type_name, fields),) = selection.by_type.items()
        statement = self._parent.statement
        if type_name in selection.refusals:
            return [statement.mark(selection.refusals[type_name])]
        members: list[tuple[str, list[Piece]]] = []
        for field in fields:
            if field.name == "node" and field.selection is not None:
                with statement.at(type_name, field.key):
                    members.append((field.key, self._object_text(self._row, field.selection)))
            elif field.name == "cursor":
                members.append((field.key, [Sql(Form.LITERAL.render(self._cursor()))]))
            elif field.name in self._spec.edge:
                members.append((field.key, self._row.column(self._spec.edge[field.name])))
            else:
                members.append((field.key, [f'"{type_name}"']))
        return json_object(members)

    def _page_info(self, selection: Selection) -> list[Piece]:
        ((type_name, fields),) = selection.by_type.items()
        if type_name in selection.refusals:
            return [self._parent.statement.mark(selection.refusals[type_name])]
        return json_object([(field.key, self._page_fact(field.name, type_name)) for field in fields])

    def _page_fact(self, name: str, type_name: str) -> list[Piece]:
        if name == TYPENAME:
            return [f'"{type_name}"']
        if name in {"start_cursor", "end_cursor"}:
            place = "1" if name == "start_cursor" else f"least({self._limit()}, {self._page}.found)"
            edge = f"({self._kept(self._column(self._cursor()))})[{place}]"
            return [Sql(f"coalesce({Form.LITERAL.render(edge)}, 'null')")]
        if (name == "has_next_page") != self._span.backward:
            self._column("''")
            return [Sql(Form.PLAIN.render(f"{self._page}.found > {self._limit()}"))]
        return ["true" if self._span.cursor is not None else "false"]

    def _limit(self) -> str:
        return self._span.limit(self._parent.statement)

    def _column(self, expression: str) -> str:
        """Gather an expression of each row; return the name of the array."""
        if expression not in self._columns:
            self._columns.append(expression)
        return f"{self._page}.c{self._columns.index(expression)}"

    def _kept(self, array: str) -> str:
        """Return the part of a gathered array without the one row read beyond the page."""
        first = f"greatest({self._page}.found - {self._limit()}, 0) + 1" if self._span.backward else "1"
        last = f"{self._page}.found" if self._span.backward else self._limit()
        return f"{array}[{first}:{last}]"

    def _gathered(self) -> str:
        """Return the subquery of the arrays and of how many rows were found, one beyond the page included."""
        names = [f"c{index}" for index in range(len(self._columns))]
        selected = ", ".join(f"{column} AS {name}" for column, name in zip(self._columns, names, strict=True))
        rows = self._rows(selected, f"{self._limit()} + 1")
        arrays = ", ".join(f"array_agg({name}) AS {name}" for name in names)
        return f"SELECT {arrays}, count(*)::int AS found FROM ({rows}) AS {self._page}"

    def _total(self) -> str:
        frame = self._frame()
        where = conjunction(self._predicates(frame, self._beneath()))
        return f"(SELECT count(*) FROM {frame.source} WHERE {where})::text"

    def _beneath(self) -> str:
        """Return the predicate of the parent's rows."""
        deep = self._spec.deep is not None and shaping(self._arguments.get("deep")) is True
        return self._spec.deep if deep and self._spec.deep else self._spec.where

    def _alternatives(self) -> list[str]:
        """Return the predicates of the parent's rows of which one holds, each to be planned by itself."""
        beneath = self._beneath()
        if self._spec.wide is None or beneath != (self._spec.deep or self._spec.where):
            return [beneath]
        span = "{p}.upper - {p}.number"
        return [f"{span} < {CITY_SPAN} AND {beneath}", f"{span} >= {CITY_SPAN} AND {self._spec.wide}"]

    def _predicates(self, frame: Frame, beneath: str) -> list[str]:
        """Return the predicates of all rows of the list, visibility included."""
        predicates = [frame.fill(beneath)]
        predicates += conditions(frame, self._own, self._spec.arguments)
        predicates += conditions(frame, self._arguments.get("filter"), self._entity.filters)
        predicates += frame.visible()
        return [predicate for predicate in predicates if predicate != "true"]

    def _rows(self, selected: str, limit: str) -> str:
        """Return the query of the page's rows in their order, as seen from the front.

        Where to-one joins hang on the row, and for a page read backwards, the page is cut before they are joined.
        """
        alternatives = self._alternatives()
        if len(self._row.clauses) == 1 and not self._span.backward and len(alternatives) == 1:
            return self._cut(self._row, alternatives[0], selected, limit)
        cuts = [self._ordered_cut(beneath, limit) for beneath in alternatives]
        cut = cuts[0] if len(cuts) == 1 else " UNION ALL ".join(f"({each})" for each in cuts)
        self._row.clauses[0] = f"({cut}) AS {self._row.alias}"
        names = [f"{self._row.alias}.order_{index}" for index in range(len(self._keys))]
        order = self._directed(names, backward=False)
        return f"SELECT {selected} FROM {self._row.source} ORDER BY {order}"

    def _ordered_cut(self, beneath: str, limit: str) -> str:
        """Return the query of the page's rows with the values of their order."""
        frame = self._frame()
        keys = [f"{expression} AS order_{index}" for index, expression in enumerate(self._expressions(frame))]
        return self._cut(frame, beneath, ", ".join([f"{frame.alias}.*", *keys]), limit)

    def _cut(self, frame: Frame, beneath: str, selected: str, limit: str) -> str:
        """Return the query of a frame's rows, cut to the page, in the direction of reading."""
        expressions = self._expressions(frame)
        predicates = self._predicates(frame, beneath)
        if self._span.cursor is not None:
            predicates.append(self._beyond(frame, expressions))
        order = self._directed(expressions, backward=self._span.backward)
        rows = f"SELECT {selected} FROM {frame.source} WHERE {conjunction(predicates)} ORDER BY {order} LIMIT"
        if isinstance(self._span.size, int):
            return f"{rows} {limit}"
        # The planner does not know a bound size, but plans for the largest: rows are taken one by one.
        return f"SELECT * FROM ({rows} {PAGE_MOST + 1}) AS {self._page} LIMIT {limit}"

    def _expressions(self, frame: Frame) -> list[str]:
        """Return what the keys are in a frame's row."""
        return [frame.fill(key.order.sql) for key in self._keys]

    def _directed(self, expressions: list[str], *, backward: bool) -> str:
        """Return ORDER BY's list; nulls stand last, seen from the front."""
        parts = []
        for expression, key in zip(expressions, self._keys, strict=True):
            descending = key.descending != backward
            nulls = f" NULLS {'FIRST' if backward else 'LAST'}" if key.order.nullable else ""
            parts.append(f"{expression}{' DESC' if descending else ''}{nulls}")
        return ", ".join(parts)

    def _cursor(self) -> str:
        return cursor_sql(self._row, self._words, self._expressions(self._row))

    def _beyond(self, frame: Frame, expressions: list[str]) -> str:
        """Return the predicate that a row stands beyond the cursor, seen in the direction of reading."""
        cursor, backward = self._span.cursor, self._span.backward
        if cursor is None:
            return "true"
        values = [
            frame.place(CursorValue(cursor, self._words, index, key.order.sql_type))
            for index, key in enumerate(self._keys)
        ]
        downward = {key.descending != backward for key in self._keys}
        if len(downward) == 1 and not any(key.order.nullable for key in self._keys):
            # Compared as a row, which an index serves.
            return f"({', '.join(expressions)}) {'<' if downward == {True} else '>'} ({', '.join(values)})"
        alternatives, equal = [], list[str]()
        for key, expression, value in zip(self._keys, expressions, values, strict=True):
            further = f"{expression} {'<' if key.descending != backward else '>'} {value}"
            if key.order.nullable and backward:
                further = f"({further} OR ({value} IS NULL AND {expression} IS NOT NULL))"
            elif key.order.nullable:
                further = f"({further} OR ({expression} IS NULL AND {value} IS NOT NULL))"
            alternatives.append(f"({conjunction([*equal, further])})")
            equal.append(
                f"{expression} IS NOT DISTINCT FROM {value}" if key.order.nullable else f"{expression} = {value}"
            )
        return f"({' OR '.join(alternatives)})"
