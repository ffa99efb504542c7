"""A database as it stood at a moment, for what happens after it was restored to that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url

from tests import servers
from tests.conftest import fresh_name
from tests.world import World


async def copied(world: World) -> str:
    """Return the address of a copy of the database as it stands now, to be restored to; the world is closed."""
    await world.db.close()
    return await servers.create_database(fresh_name(), str(make_url(world.url).database))


@asynccontextmanager
async def opened(url: str, world: World) -> AsyncIterator[World]:
    """Lend the world in another of its databases."""
    db = await servers.open_as(url, read_connections=2)
    try:
        yield World(db, url, world.topics, world.departments)
    finally:
        await db.close()
