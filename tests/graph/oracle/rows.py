"""Rows one at a time: each column, relation and predicate is a small statement of its own, remembered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

import asyncpg

from services.reads.catalogue.shape import Embedded, Entity, Many, One
from tests.graph.oracle.statistics import ENTITIES
from tests.graph.oracle.templates import EVERY_RIGHT, Place, quoted

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Row:
    """A row of an entity: the source that it stands in and the predicate over `t` that finds it there."""

    entity: Entity
    source: str = "(SELECT)"
    where: str = "true"
    bound: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    key: Any = None
    rows: "Rows | None" = field(default=None, compare=False)
    """What reads on from here: as things stood, beneath an instant."""

    def place(self, alias: str) -> Place:
        """Return the row's place in a statement."""
        return Place(alias, {**self.joins, **self.entity.joins}, self.names)

    def found(self, place: Place) -> str:
        """Return the FROM clause and the predicate that give the row under the place's alias, joins included."""
        inner = f"(SELECT t.* FROM {self.source} AS t WHERE {self.where})"
        return " ".join([inner, "AS", place.alias, *place.clauses])


Look: TypeAlias = Callable[[datetime], Awaitable["Rows"]]


class Rows:
    """Reads rows as one caller sees them."""

    def __init__(
        self, connection: Connection, known: dict[Any, Any], caller: Mapping[str, str], past: Look, now: datetime
    ) -> None:
        self.now = now
        self._connection = connection
        self._known = known
        self._caller = caller
        self._turn = asyncio.Lock()
        self.past = past
        """What reads as things stood at an instant."""

    async def again(self, row: Row) -> Row:
        """Return a row that was read elsewhere, itself as it was read there, to be read on from here."""
        if not row.entity.source:
            return replace(row, names=self._caller, rows=self)
        there = row.rows or self
        (text,) = await there.values(f"SELECT to_json(t)::text FROM {row.source} AS t WHERE {row.where}", row.bound)
        same = f"(SELECT * FROM json_populate_record(NULL::public.{row.entity.source}, {quoted(text)}))"
        return replace(row, source=same, where="true", bound=(), names=self._caller, rows=self)

    @property
    def root(self) -> Row:
        """Where a query starts."""
        return Row(ENTITIES["Query"], names=self._caller, rows=self)

    async def values(self, sql: str, bound: Sequence[str] = ()) -> list[Any]:
        """Return the first column of a statement's rows."""
        question = (sql, *bound)
        if question not in self._known:
            async with self._turn:
                self._known[question] = [record[0] for record in await self._connection.fetch(sql, *bound)]
        found: list[Any] = self._known[question]
        return found

    async def value(self, row: Row, expression: str) -> Any:
        """Return one expression over one row."""
        place = row.place("t")
        sql = place.fill(expression)
        (value,) = await self.values(f"SELECT {sql} FROM {row.found(place)}", row.bound)
        return value

    def of(self, entity: Entity, key: Any) -> Row:
        """Return an entity's row by its key."""
        where = f"{Place('t', {}, {}).fill(entity.key)} = $1::text::{entity.key_type}"
        return Row(entity, entity.source, where, (str(key),), self._caller, key=key, rows=self)

    async def keys(self, entity: Entity, predicate: str, **names: str) -> list[Any]:
        """Return the keys of all rows of an entity for which a predicate holds."""
        place = Place("t", entity.joins, self._caller)
        where = place.fill(predicate, **names)
        joins = " ".join(place.clauses)
        return await self.values(f"SELECT {place.fill(entity.key)} FROM {entity.source} AS t {joins} WHERE {where}")

    async def visible(self, row: Row) -> bool:
        """Tell whether the caller may see a row."""
        return row.entity.visible is None or await self.value(row, row.entity.visible.predicate(EVERY_RIGHT)) is True

    async def seen(self, rows: list[Row]) -> list[Row]:
        """Return the rows that the caller may see."""
        return [row for row in rows if await self.visible(row)]

    async def related(self, row: Row, entity: Entity, where: str, order: str = "") -> list[Row]:
        """Return the rows of another entity for which a predicate over them and their parent holds."""
        parent = row.place("p")
        place = Place("t", entity.joins, self._caller, parent)
        predicate, key, tail = place.fill(where), place.fill(entity.key), place.fill(order)
        joins = " ".join(place.clauses)
        keys = await self.values(
            f"SELECT {key} FROM {row.found(parent)} CROSS JOIN {entity.source} AS t {joins} "
            f"WHERE {predicate}{' ORDER BY ' if tail else ''}{tail}",
            row.bound,
        )
        return [self.of(entity, key) for key in keys]

    async def one(self, row: Row, spec: One) -> Row | None:
        """Return the row of a to-one relation, unless it is hidden or missing."""
        entity = ENTITIES[spec.entity]
        if spec.lateral is not None:
            rows = await self._derived(row, entity, spec.lateral, "p", "true")
        else:
            rows = await self.related(row, entity, spec.on)
        if spec.nullable:
            rows = await self.seen(rows)
        return rows[0] if rows else None

    async def many(self, row: Row, spec: Many) -> list[Row]:
        """Return the visible rows of a to-many relation in its order."""
        entity = ENTITIES[spec.entity]
        if spec.source is not None:
            return await self._derived(row, entity, spec.source, "t", spec.order)
        return await self.seen(await self.related(row, entity, spec.where, spec.order))

    async def _derived(self, row: Row, entity: Entity, source: str, alias: str, order: str) -> list[Row]:
        """Return the rows of a subquery over a row, each known by its position."""
        place = row.place("p")
        inner = (place if alias == "t" else Place("t", {}, self._caller, place)).fill(source)
        inner = inner if inner.startswith("(") else f"({inner})"
        listed = Place("t", {}, self._caller, place).fill(order)
        everything = (
            f"SELECT t.*, row_number() OVER (ORDER BY {listed}) AS nth "
            f"FROM {row.found(place)} CROSS JOIN LATERAL {inner} AS t"
        )
        (count,) = await self.values(f"SELECT count(*) FROM ({everything}) AS rows", row.bound)
        return [
            Row(entity, f"({everything})", f"t.nth = {position + 1}", row.bound, self._caller, rows=self)
            for position in range(count)
        ]

    async def embedded(self, row: Row, spec: Embedded, period: Mapping[str, str]) -> Row | None:
        """Return the same row as another entity, unless it is not there."""
        if spec.present is not None and await self.value(row, spec.present) is not True:
            return None
        joins = {**row.joins, **row.entity.joins}
        return replace(row, entity=ENTITIES[spec.entity], joins=joins, names={**row.names, **period})
