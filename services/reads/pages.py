"""Connections: the SQL of a page by keyset, with edges, nodes, page information and totals only where selected."""

from collections.abc import Callable

from services.reads.cursors import cursor_sql
from services.reads.filters import conditions, require
from services.reads.ordering import after_cursor, order_by
from services.reads.page_plan import PAGE_MOST, PagePlan
from services.reads.plan import Selected, Selection
from services.reads.tables import Table
from services.reads.text import Form, Piece, Sql, concatenate, conjunction, json_array

ObjectText = Callable[[Table, Selection], list[Piece]]


class Page:
    """The SQL of a planned page.

    A list alone is an ARRAY of its rows' texts. Where several members are cut from the same rows, these are
    gathered once, one more than the page holds, into arrays.
    """

    def __init__(self, parent: Table, plan: PagePlan, object_text: ObjectText) -> None:
        self._parent = parent
        self._plan = plan
        self._object_text = object_text
        self._statement = parent.statement
        for parameter, argument in plan.required:
            self._statement.require(parameter, argument)
        for given, known, path in plan.filters:
            require(self._statement, given, known, *path)
        self._table = self._select_from()
        self._alias = self._statement.alias()
        self._gathered: list[str] = []
        """What is gathered of each row, in the arrays c0, c1, …"""

    def connection(self, selection: Selection) -> list[Piece]:
        """Return the JSON text of the connection."""
        text = self._statement.object(selection, self._member)
        if not self._gathered:
            return text
        columns = ", ".join(f"{sql} AS c{index}" for index, sql in enumerate(self._gathered))
        arrays = ", ".join(f"array_agg(c{index}) AS c{index}" for index in range(len(self._gathered)))
        rows = f"({self._rows(columns, f'{self._limit()} + 1')}) AS {self._alias}"
        gathered = f"(SELECT {arrays}, count(*)::int AS found FROM {rows}) AS {self._alias}"
        return [Sql(f"(SELECT {concatenate(text)} FROM {gathered})")]

    def every_row(self, selection: Selection) -> str:
        """Return the query of all rows of the list in its order, one JSON text each, wherever a page would end."""
        text = concatenate(self._object_text(self._table, selection))
        where = conjunction(self._where(self._table, self._plan.where))
        order = order_by(self._plan.keys, self._key_columns(self._table))
        return f"SELECT {text} FROM {self._table.from_clause} WHERE {where} ORDER BY {order}"

    def _member(self, field: Selected) -> list[Piece]:
        match field:
            case Selected(name="nodes", selection=Selection() as selection):
                return self._list(self._object_text(self._table, selection))
            case Selected(name="edges", selection=Selection() as selection):
                return self._list(self._statement.object(selection, self._edge))
            case Selected(name="page_info", selection=Selection() as selection):
                return self._statement.object(selection, self._page_info)
            case _:
                return [Sql(self._total_count())]

    def _list(self, item: list[Piece]) -> list[Piece]:
        text = concatenate(item)
        if not self._plan.gathered:
            return json_array(self._rows(text, self._limit()))
        return ["[", Sql(f"coalesce(array_to_string({self._on_page(self._gather(text))}, ','), '')"), "]"]

    def _edge(self, field: Selected) -> list[Piece]:
        if field.selection is not None:  # the row, or what it stands for, of one type or whichever
            return self._object_text(self._table, field.selection)
        if field.name == "cursor":
            return [Sql(Form.LITERAL.render(self._cursor()))]
        return self._table.column(self._plan.spec.edge[field.name])

    def _page_info(self, field: Selected) -> list[Piece]:
        match field.name:
            case "start_cursor":
                return self._cursor_at("1")
            case "end_cursor":
                return self._cursor_at(f"least({self._limit()}, {self._alias}.found)")
            case "has_previous_page" | "has_next_page" if (field.name == "has_previous_page") == self._plan.backward:
                self._gather("''")
                return [Sql(Form.PLAIN.render(f"{self._alias}.found > {self._limit()}"))]
            case _:
                return ["true" if self._plan.cursor else "false"]

    def _cursor_at(self, position: str) -> list[Piece]:
        """Return the cursor of the row at a position of the page, from 1; null where there is none."""
        cursor = f"({self._on_page(self._gather(self._cursor()))})[{position}]"
        return [Sql(f"coalesce({Form.LITERAL.render(cursor)}, 'null')")]

    def _cursor(self) -> str:
        return cursor_sql(self._table, self._plan.signature, self._key_columns(self._table))

    def _limit(self) -> str:
        limit = self._plan.limit
        return str(limit) if isinstance(limit, int) else self._parent.placeholder(limit)

    def _gather(self, sql: str) -> str:
        """Gather an expression of each row; return the name of the array."""
        if sql not in self._gathered:
            self._gathered.append(sql)
        return f"{self._alias}.c{self._gathered.index(sql)}"

    def _on_page(self, array: str) -> str:
        """Return a gathered array without the one row read beyond the page."""
        found = f"{self._alias}.found"
        if self._plan.backward:
            return f"{array}[greatest({found} - {self._limit()}, 0) + 1:{found}]"
        return f"{array}[1:{self._limit()}]"

    def _total_count(self) -> str:
        table = self._select_from()
        where = conjunction(self._where(table, self._plan.where))
        return f"(SELECT count(*) FROM {table.from_clause} WHERE {where})::text"

    def _rows(self, select: str, limit: str) -> str:
        """Return the query of the page's rows in the list's order.

        LIMIT comes before to-one joins, and before the rows of a page read backwards are turned round.
        """
        plan, table = self._plan, self._table
        if len(table.from_items) == 1 and not plan.backward and len(plan.branches) == 1:
            return self._limited(table, plan.branches[0], select, limit)
        branches = [self._limited_with_keys(branch, limit) for branch in plan.branches]
        rows = branches[0] if len(branches) == 1 else " UNION ALL ".join(f"({branch})" for branch in branches)
        table.from_items[0] = f"({rows}) AS {table.alias}"
        order = order_by(plan.keys, [f"{table.alias}.order_{index}" for index in range(len(plan.keys))])
        return f"SELECT {select} FROM {table.from_clause} ORDER BY {order}"

    def _limited_with_keys(self, branch: str, limit: str) -> str:
        """Return the query of the page's rows as they are read, whole, with the columns of their order."""
        table = self._select_from()
        keys = [f"{column} AS order_{index}" for index, column in enumerate(self._key_columns(table))]
        return self._limited(table, branch, ", ".join([f"{table.alias}.*", *keys]), limit)

    def _limited(self, table: Table, branch: str, select: str, limit: str) -> str:
        """Return the query of the page's rows as they are read."""
        plan, columns = self._plan, self._key_columns(table)
        predicates = self._where(table, branch)
        if plan.cursor:
            values = [table.placeholder(value) for value in plan.cursor]
            predicates.append(after_cursor(plan.reading_keys, columns, values))
        order = order_by(plan.reading_keys, columns)
        rows = f"SELECT {select} FROM {table.from_clause} WHERE {conjunction(predicates)} ORDER BY {order} LIMIT"
        if isinstance(plan.limit, int):
            return f"{rows} {limit}"
        # The planner does not know a parameter's value, but plans for the largest: rows are taken one by one.
        return f"SELECT * FROM ({rows} {PAGE_MOST + 1}) AS {self._alias} LIMIT {limit}"

    def _select_from(self) -> Table:
        return self._parent.subquery(self._plan.entity, names=self._plan.names)

    def _key_columns(self, table: Table) -> list[str]:
        return [table.fill(key.order.sql) for key in self._plan.keys]

    def _where(self, table: Table, parent: str) -> list[str]:
        """Return the predicates of the list's rows: the one that ties them to the parent, filters, visibility."""
        predicates = [table.fill(parent)]
        for given, known, _ in self._plan.filters:
            predicates += conditions(table, given, known)
        predicates += table.visible()
        return [predicate for predicate in predicates if predicate != "true"]
