import os
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

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
from tests.graph.worlds.province import NOWHERE
from tests.graph.worlds.requests import structures
from tests.graph.worlds.rows import World

COMPARED = "compared in two worlds"
"""What a test reports under this name: the caller, and how many requests of which kind were compared."""
SEED = int(os.environ.get("SHANGLIANG_WORLDS_SEED") or 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many requests of which kind were compared for each caller."""
    found: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == COMPARED:
                who, _, counts = str(value).partition(": ")
                found.setdefault(who, Counter()).update(
                    {kind: int(count) for kind, _, count in (one.partition("=") for one in counts.split())}
                )
    for who, kinds in sorted(found.items()):
        each = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        terminalreporter.write_line(f"{who}: {kinds.total()} requests compared in two worlds ({each})")


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
def documents(schema: Schema) -> list[DocumentNode]:
    """Structures of queries: they are slow to draw, and each is written anew for every request."""
    return structures(schema.core, SEED)
