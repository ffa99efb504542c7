from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.seeds.load import Connection


@pytest.fixture(scope="session")
async def province(seeded_url: str) -> AsyncIterator[Connection]:
    """A connection that reads the demonstration province."""
    connection = await asyncpg.connect(seeded_url, server_settings={"default_transaction_read_only": "on"})
    yield connection
    await connection.close()
