import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import asyncpg
import pytest
from graphql import DocumentNode

from graph.schema import Schema
from services.core.actor import ANONYMOUS
from tests import servers
from tests.conftest import fresh_name, template
from tests.graph.oracle.bench import NOW
from tests.graph.oracle.execution import Oracle, reference_schema
from tests.graph.oracle.past import Pasts
from tests.graph.oracle.values import Known
from tests.graph.worlds.pairs import Second, Seconds
from tests.graph.worlds.province import NOWHERE
from tests.graph.worlds.requests import Asked, Requests, known_of_all, structures
from tests.graph.worlds.rows import World

Drawn: TypeAlias = Callable[..., Iterator[Asked]]
FEW = 8

SEED = int(os.environ.get("SHANGLIANG_WORLDS_SEED") or 1)


@pytest.fixture(scope="session")
async def first_url() -> AsyncIterator[str]:
    """The first world, to be read only."""
    name = fresh_name()
    yield await servers.create_database(name, await template("first_world"))
    await servers.drop_databases(name)


@pytest.fixture(scope="session")
async def first(first_url: str) -> World:
    """The rows of the first world."""
    return await World.read(first_url)


@pytest.fixture(scope="session")
async def known(first_url: str) -> Known:
    """What the first world holds, hidden or not, by the kind of value that an argument takes."""
    schema, pasts = reference_schema(), Pasts(first_url)
    connection = await asyncpg.connect(first_url, server_settings={"timezone": "UTC"})
    try:
        rows = Oracle(schema, connection, pasts, NOW).rows(ANONYMOUS)
        found = await Known.of(rows, schema)
        events = [f"event_{key}" for key in await rows.values("SELECT id FROM event ORDER BY id")]
        return replace(found, texts={**found.texts, "event.id": [*events, *[f"event_{NOWHERE}"] * 9]})
    finally:
        await connection.close()
        await pasts.close()


@pytest.fixture(scope="session")
async def seconds(first: World, first_url: str) -> AsyncIterator[Seconds]:
    """Second worlds, to be read only."""
    made = Seconds(first, first_url)
    yield made
    await made.drop()


@pytest.fixture(scope="session")
def drawn(schema: Schema, subgraph_schema: Schema, known: Known) -> Drawn:
    """Gives requests about what some second worlds hold, by a seed, of so many structures."""
    found: dict[int, list[DocumentNode]] = {}

    def draw(made: Sequence[Second], seed: int, number: int = FEW) -> Iterator[Asked]:
        if number not in found:
            found[number] = structures(schema.core, number, SEED)
        all_ = known_of_all(known, [second.changes for second in made])
        return Requests(schema.core, subgraph_schema.core, found[number], all_, f"{seed}").draw()

    return draw
