import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from deploy.servers.errors import ServerError
from events.topology import apply_topology
from services.notices.channels import enabled_channels
from services.seeds.seed import seed
from tests import servers
from tests.counties import keep_counties
from tests.graph.oracle.province import trim
from tests.graph.worlds.province import enrich
from tests.servers import LIMITS, BrokerAddress, migrate
from tests.world import World, build

NAMES = count(1)
COMPARED = "requests compared"
"""What a test that compares with the oracle reports the number of."""


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run in the process that controls it; it leaves no process and no file behind, however it ends."""
    if not hasattr(config, "workerinput"):
        servers.begin()
        config.add_cleanup(servers.end)
    for number in servers.ENDINGS:
        signal.signal(number, servers.interrupt)
    # A shell lets a job in the background ignore it, and the commands that the tests interrupt would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, and so has a time limit of its own: else one worker would end long after another."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the broker begin to start where a test needs it, while others are played."""
    if not session.config.option.collectonly and any(
        "amqp" in getattr(item, "fixturenames", ()) for item in session.items
    ):
        capture = session.config.pluginmanager.getplugin("capturemanager")
        # Installing it is told of; the tests themselves say why it does not start.
        with capture.global_and_fixture_disabled(), suppress(ServerError):
            if servers.has_broker():
                servers.start_broker()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out for want of a broker, and how many generated requests the oracle has compared."""
    unplayed = [one for one in terminalreporter.getreports("skipped") if servers.NO_BROKER in one.longreprtext]
    if unplayed:
        terminalreporter.write_line(f"{len(unplayed)} tests were left out: {servers.NO_BROKER}", yellow=True)
    compared = [
        int(str(value))
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == COMPARED
    ]
    if compared:
        terminalreporter.write_line(f"{sum(compared)} generated requests compared with the oracle")


def fresh_name() -> str:
    """Return a name that nothing of the run has."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"{servers.run_name()}_{worker}_{next(NAMES)}"


async def template(kind: str) -> str:
    """Return the name of a database to copy, made by the first worker that needs it."""
    name = f"{servers.run_name()}_{kind}"
    with servers.alone(kind) as done:
        if not done.exists():
            await TEMPLATES[kind](name)
            done.touch()
    return name


async def make_migrated(name: str) -> None:
    """Make a database with every table and no row."""
    await migrate(await servers.create_database(name))


async def make_seeded(name: str) -> None:
    """Make the demonstration province; its comment is what the seed told of it."""
    url = await servers.create_database(name, await template("migrated"))
    lines: list[str] = []
    report = await seed(url, until=servers.UNTIL, progress=lines.append)
    told = {"lines": lines, "rows": report.rows, "already_there": report.already_there}
    await servers.execute(f"COMMENT ON DATABASE \"{name}\" IS '{json.dumps(told)}'")


async def make_counties(name: str) -> None:
    """Make a demonstration province that has no more than two counties."""
    await keep_counties(await servers.create_database(name, await template("seeded")))


async def make_trimmed(name: str) -> None:
    """Make the small province of the oracle."""
    await trim(await servers.create_database(name, await template("counties")))


async def make_first_world(name: str) -> None:
    """Make the small province with more that not everybody sees."""
    await enrich(await servers.create_database(name, await template("trimmed")))


TEMPLATES = {
    "migrated": make_migrated,
    "seeded": make_seeded,
    "counties": make_counties,
    "trimmed": make_trimmed,
    "first_world": make_first_world,
}


@pytest.fixture
async def empty_database_url() -> AsyncIterator[str]:
    """A database without a table."""
    name = fresh_name()
    yield await servers.create_database(name)
    await servers.drop_databases(name)


@pytest.fixture
async def migrated_url() -> AsyncIterator[str]:
    """A database with every table and no row."""
    name = fresh_name()
    yield await servers.create_database(name, await template("migrated"))
    await servers.drop_databases(name)


@pytest.fixture
async def counties_url() -> AsyncIterator[str]:
    """Two counties of the demonstration province, to be changed."""
    name = fresh_name()
    yield await servers.create_database(name, await template("counties"))
    await servers.drop_databases(name)


@pytest.fixture
async def writable_seeded_url() -> AsyncIterator[str]:
    """The whole demonstration province, to be changed."""
    name = fresh_name()
    yield await servers.create_database(name, await template("seeded"))
    await servers.drop_databases(name)


@pytest.fixture(scope="session")
async def seeded_url() -> AsyncIterator[str]:
    """The demonstration province, to be read only."""
    name = fresh_name()
    yield await servers.create_database(name, await template("seeded"))
    await servers.drop_databases(name)


@pytest.fixture
async def seeding() -> dict[str, Any]:
    """What the seed that made the demonstration province told of it."""
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
    told: dict[str, Any] = json.loads(await servers.fetch(comment, await template("seeded")))
    return told


@pytest.fixture
async def amqp() -> AsyncIterator[BrokerAddress]:
    """A vhost of the run's broker with full rights."""
    servers.need_broker()
    name = fresh_name()
    yield await servers.create_vhost(name)
    await servers.delete_vhost(name)


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """The world's rows in a database of its own."""
    db = await servers.open_as(migrated_url, read_connections=2)
    yield await build(db, migrated_url)
    await db.close()


@pytest.fixture
async def declared(world: World, amqp: BrokerAddress) -> BrokerAddress:
    """A vhost with the topology of the world's departments."""
    async with world.db.write() as tx:
        channels = await enabled_channels(tx)
    await apply_topology(channels, amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    return amqp
