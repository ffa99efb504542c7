from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import SQLModel, col
from strawberry.dataloader import DataLoader

from services.divisions.models import Division


class Loaders:
    """The loaders of one request, each made when it is first used."""

    def __init__(self, open_session: async_sessionmaker[AsyncSession]) -> None:
        self.open_session = open_session
        self._made: dict[str, DataLoader[Any, Any]] = {}

    async def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """Return the rows of a statement."""
        async with self.open_session() as session:
            rows: Sequence[Any] = (await session.execute(statement)).all()
            return rows

    def one(self, table: type[SQLModel], key: str) -> DataLoader[Any, Any]:
        """Return the loader of a table's row by a unique column."""

        async def load(keys: list[Any]) -> list[Any]:
            statement = select(table).where(getattr(table, key).in_(keys))
            found = {getattr(row, key): row for (row,) in await self.rows(statement)}
            return [found.get(value) for value in keys]

        return self._loader(f"{table.__name__}.{key}", load)

    def many(self, name: str, column: Any, statement: Select[Any]) -> DataLoader[Any, Any]:
        """Return the loader of the rows that share a column's value, in the order of the statement."""

        async def load(keys: list[Any]) -> list[Any]:
            found = defaultdict(list)
            for row, key in await self.rows(statement.add_columns(column).where(column.in_(keys))):
                found[key].append(row)
            return [found[key] for key in keys]

        return self._loader(name, load)

    def counts(self, name: str, table: Any, columns: Sequence[Any], *where: Any) -> DataLoader[Any, Any]:
        """Return the loader of aggregates over the rows of a division's subtree."""

        async def load(places: list[tuple[int, int]]) -> list[Any]:
            place, number = Division, col(table.division_number)
            inside = and_(number >= place.number, number < place.upper, *where)
            statement = (
                select(col(place.number), *columns)
                .select_from(place)
                .outerjoin(table, inside)
                .where(col(place.number).in_([lower for lower, _ in places]))
                .group_by(col(place.number))
            )
            found = {row[0]: row for row in await self.rows(statement)}
            return [found[lower] for lower, _ in places]

        return self._loader(name, load)

    def _loader(self, name: str, load: Callable[[list[Any]], Awaitable[list[Any]]]) -> DataLoader[Any, Any]:
        if name not in self._made:
            self._made[name] = DataLoader(load)
        return self._made[name]
