"""One resolver for every field: it looks the field up in the catalogue and fetches it by itself."""

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphql import GraphQLResolveInfo

from services.reads.catalogue.entities import NODES
from services.reads.catalogue.shape import Column, Embedded, Field, Many, NodeOf, One, Paged, Series
from tests.graph.oracle import search
from tests.graph.oracle.filters import day, matching
from tests.graph.oracle.lists import KEY, Listed, Window, cursor, order_of, plain, window
from tests.graph.oracle.refusals import check, parted
from tests.graph.oracle.rows import Row, Rows
from tests.graph.oracle.statistics import ENTITIES
from tests.graph.oracle.units import units


def snake(name: str) -> str:
    """Return a field's name in the services."""
    found = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda letter: "_" + letter[1].lower(), name)
    return f"{found}_" if keyword.iskeyword(found) else found


def snaked(value: Any) -> Any:
    """Return arguments by the services' names, enums as their values."""
    if isinstance(value, Mapping):
        return {snake(name): snaked(content) for name, content in value.items()}
    if isinstance(value, list):
        return [snaked(item) for item in value]
    return value


async def resolve(source: Any, info: GraphQLResolveInfo[Rows], **arguments: Any) -> Any:
    """Return one field of one row, page or edge."""
    row: Row = info.context.root if source is None else source
    name, given = snake(info.field_name), snaked(arguments)
    await check(info.context, info.context.now, info.parent_type.name, name, given)
    if not isinstance(row, Row):
        return await getattr(row, name)()
    rows = row.rows or info.context
    spec = row.entity.fields[name]
    if isinstance(spec, Column):
        return plain(await rows.value(row, spec.sql))
    instant = given.get("as_of") or parted(str((given.get("by") or {}).get("id")))[1]
    if instant is not None:
        rows = await rows.past(instant)
        row = await rows.again(row)
    return await related(rows, row, spec, given)


async def related(rows: Rows, row: Row, spec: Field, given: Mapping[str, Any]) -> Any:
    """Return what a field holds that is no scalar."""
    match spec:
        case One():
            return await (by_key(rows, row, spec, given) if spec.arguments else rows.one(row, spec))
        case Many():
            return await listed(rows, row, spec, given)
        case Paged(entity=entity):
            return (Found if entity == "Search" else Page)(rows, row, spec, given)
        case Embedded() | Series():
            return await same_row(rows, row, spec, given)
        case NodeOf():
            kind, key = [await rows.value(row, part) for part in (spec.kind, spec.key)]
            return await node(rows, f"{kind}_{key}")
        case _:
            found = [await node(rows, text) for text in given.get("ids", [given.get("id")])]
            return found if "ids" in given else found[0]


async def by_key(rows: Rows, row: Row, spec: One, given: Mapping[str, Any]) -> Row | None:
    """Return the row that the arguments find among those that belong to another."""
    entity = ENTITIES[spec.entity]
    keys = await matching(rows, entity, given, spec.arguments)
    found = await rows.seen([one for one in await rows.related(row, entity, spec.on) if one.key in keys])
    return found[0] if found else None


async def listed(rows: Rows, row: Row, spec: Many, given: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a list, those that its arguments keep."""
    found = await rows.many(row, spec)
    if not spec.arguments:
        return found
    kept = await matching(rows, ENTITIES[spec.entity], given, spec.arguments)
    return [one for one in found if one.key in kept]


async def embedded(rows: Rows, row: Row, spec: Embedded, given: Mapping[str, Any]) -> Row | None:
    """Return an object of the same row, over its period where it has one."""
    period = given.get("period") or {}
    ends = {"since": day(period.get("from_")), "until": day(period.get("until"))}
    return await rows.embedded(row, spec, ends if spec.period else {})


async def same_row(rows: Rows, row: Row, spec: Embedded | Series, given: Mapping[str, Any]) -> Any:
    """Return what is made of the same row: one object, or one for each unit of a period."""
    if isinstance(spec, Series):
        return await each_unit(rows, row, spec, given)
    return await embedded(rows, row, spec, given)


async def each_unit(rows: Rows, row: Row, spec: Series, given: Mapping[str, Any]) -> list[Row | None]:
    """Return an object of the same row for each unit of a period."""
    period = given["period"]
    return [
        await rows.embedded(row, Embedded(spec.entity), {"since": day(since), "until": day(until)})
        for since, until in units(period["from_"], period["until"], given["unit"])
    ]


async def node(rows: Rows, text: str) -> Row | None:
    """Return the row that a global id names."""
    plain, instant = parted(text)
    if instant is not None:
        return await node(await rows.past(instant), plain)
    prefix, _, key = text.rpartition("_")
    if "\0" in key:
        return None
    for entity in NODES.values():
        if entity.prefix != prefix:
            continue
        if entity.key_type != "uuid":
            keys = await rows.keys(entity, "{t}.code = {code}", code="'" + key.replace("'", "''") + "'")
        else:
            try:
                keys = [UUID(key)] if UUID(key) in await rows.keys(entity, "true") else []
            except ValueError:
                keys = []
        found = await rows.seen([rows.of(entity, key) for key in keys])
        return found[0] if found else None
    return None


class Page:
    """A connection: every matching row, then the part that was asked for."""

    def __init__(self, rows: Rows, parent: Row, spec: Paged, arguments: Mapping[str, Any]) -> None:
        self._rows = rows
        self._parent = parent
        self._spec = spec
        self._arguments = arguments
        self._entity = ENTITIES[spec.entity]
        self._order = order_of(self._entity, arguments.get("order_by"))

    async def _all(self) -> list[Row]:
        spec, entity = self._spec, self._entity
        where = spec.deep if spec.deep and self._arguments.get("deep") else spec.where
        related = await self._rows.related(self._parent, entity, where)
        kept = await matching(self._rows, entity, self._arguments.get("filter") or {}, entity.filters)
        kept &= await matching(self._rows, entity, self._arguments, spec.arguments)
        return await self._rows.seen([row for row in related if row.key in kept])

    async def _listed(self) -> list[Listed]:
        listed = []
        for row in await self._all():
            values = [
                row.key if name == KEY else await self._rows.value(row, self._entity.orders[name].sql)
                for name, _ in self._order
            ]
            listed.append(Listed(row, tuple(values)))
        return listed

    async def _window(self) -> Window:
        return window(self._entity, await self._listed(), self._arguments)

    def _cursor(self, item: Listed) -> str:
        return cursor(self._entity, self._order, item.values)

    async def nodes(self) -> list[Row]:
        """Return the page's rows."""
        return [item.row for item in (await self._window()).items]

    async def edges(self) -> list["Edge"]:
        """Return the page's rows with their cursors."""
        return [Edge(item.row, self._cursor(item)) for item in (await self._window()).items]

    async def page_info(self) -> "PageInfo":
        """Return where the page stands in its list."""
        found = await self._window()
        return PageInfo(found, [self._cursor(item) for item in found.items])

    async def total_count(self) -> int:
        """Return how many rows the list has."""
        return len(await self._all())


class Found(Page):
    """What search finds: every document that has the words and whose thing the caller sees, shown as that thing."""

    async def _listed(self) -> list[Listed]:
        listed = []
        for document, rank in await search.hits(self._rows, self._entity, self._arguments):
            thing = await node(self._rows, f"{document.kind.lower()}_{document.id}")
            if thing is not None:
                listed.append(search.listed(document, thing, rank))
        return listed

    async def nodes(self) -> list[Row]:
        """Return what the page's documents are about."""
        return [item.row[1] for item in (await self._window()).items]

    async def edges(self) -> list["Edge"]:
        """Return the same with cursors and snippets."""
        text = self._arguments["text"]
        return [
            FoundEdge(item.row[1], self._cursor(item), search.snippet(item.row[0], text))
            for item in (await self._window()).items
        ]

    async def total_count(self) -> int:
        """Return how many were found."""
        return len(await self._listed())


@dataclass(frozen=True)
class Edge:
    """An item of a page."""

    _row: Row
    _cursor: str

    async def node(self) -> Row:
        """Return the row."""
        return self._row

    async def cursor(self) -> str:
        """Return the row's cursor."""
        return self._cursor


@dataclass(frozen=True)
class FoundEdge(Edge):
    """An item of what search found."""

    _snippet: str | None

    async def topic(self) -> Row | None:
        """Return the row of a topic."""
        return self._row if self._row.entity.name == "Topic" else None

    async def matter(self) -> Row | None:
        """Return the row of a matter."""
        return self._row if self._row.entity.name == "Matter" else None

    async def outcome(self) -> Row | None:
        """Return the row of an outcome."""
        return self._row if self._row.entity.name == "Outcome" else None

    async def platform(self) -> Row | None:
        """Return the row of a platform."""
        return self._row if self._row.entity.name == "Platform" else None

    async def snippet(self) -> str | None:
        """Return where its words stand."""
        return self._snippet


@dataclass(frozen=True)
class PageInfo:
    """Where a page stands in its list."""

    _window: Window
    _cursors: list[str]

    async def has_next_page(self) -> bool:
        """Tell whether rows follow."""
        return self._window.more_after

    async def has_previous_page(self) -> bool:
        """Tell whether rows come before."""
        return self._window.more_before

    async def start_cursor(self) -> str | None:
        """Return the first row's cursor."""
        return next(iter(self._cursors), None)

    async def end_cursor(self) -> str | None:
        """Return the last row's cursor."""
        return next(reversed(self._cursors), None)
