"""Real servers of the test run: started once by the controlling process, shared by its workers through variables."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url

from deploy.servers import debian
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ

DATABASE = "SHANGLIANG_TEST_DATABASE_URL"
BROKER = "SHANGLIANG_TEST_AMQP_URL"
BROKER_API = "SHANGLIANG_TEST_RABBITMQ_API_URL"
DIRECTORY = "SHANGLIANG_TEST_DIRECTORY"
NO_BROKER = "there is no RabbitMQ"
UNTIL = date(2024, 6, 30)
"""The last day that the tests' demonstration province tells of. All of it is due in the past of whoever tests."""
MEMORY = Path("/dev/shm")  # noqa: S108 -- what is made there has a name of its own
"""A file system in memory, where a database is copied in a tenth of the time that a disk takes."""
ROOM_BYTES = 8 << 30
"""What has to be free there, and of memory; a run takes up to two of it."""
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class BrokerAddress:
    """A vhost of its own on the run's broker, with the management API."""

    url: str
    api_url: str


class Servers:
    """The servers of one run. Those that the settings name are used, others are private ones."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="shangliang-test-", dir=MEMORY if memory_has_room() else None))
        self.directory.chmod(0o711)  # a server that may not run as root gets through
        self._postgres: EmbeddedPostgres | None = None
        self._broker: PrivateRabbitMQ | None = None

    def start(self) -> None:
        """Start what is needed and leave the addresses in the environment; the broker may not answer yet.

        Where there is no broker and none may be installed, only the tests that need one cannot be played.
        """
        os.environ[DIRECTORY] = str(self.directory)
        given = os.environ.get("SHANGLIANG_DATABASE_URL")
        if given is None:
            self._postgres = EmbeddedPostgres(self.directory / "postgres", database="postgres", settings=VOLATILE)
            self._postgres.start()
            given = self._postgres.url
        os.environ[DATABASE] = given
        if "SHANGLIANG_AMQP_URL" in os.environ:
            os.environ[BROKER] = os.environ["SHANGLIANG_AMQP_URL"]
            os.environ[BROKER_API] = os.environ["SHANGLIANG_RABBITMQ_API_URL"]
            return
        if PrivateRabbitMQ.installed() is None and not debian.install(debian.BROKER):
            return
        self._broker = PrivateRabbitMQ(self.directory / "rabbitmq")
        self._broker.start()
        os.environ[BROKER] = self._broker.url
        os.environ[BROKER_API] = self._broker.api_url

    def stop(self) -> None:
        """Stop what was started and remove every file."""
        if self._broker is not None:
            self._broker.remove()
        if self._postgres is not None:
            self._postgres.remove()
        rmtree(self.directory, ignore_errors=True)


def memory_has_room() -> bool:
    """Tell whether the servers' files may be in memory. TMPDIR says otherwise, and so does a small machine."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(MEMORY)
    if found.f_flag & os.ST_NOEXEC:  # root's PostgreSQL may be run from there
        return False
    memory = Path("/proc/meminfo").read_text()
    available_kb = next(int(line.split()[1]) for line in memory.splitlines() if line.startswith("MemAvailable:"))
    return min(found.f_bavail * found.f_frsize, available_kb << 10) >= ROOM_BYTES


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Hold one of the run's locks among its workers; gives a marker file for work that is done once."""
    path = Path(os.environ[DIRECTORY]) / f"{name}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path.with_suffix(".done")


def need_broker() -> None:
    """Leave out a test that needs a broker where there is none; on the project's own machines that is a failure."""
    if BROKER not in os.environ:
        reason = f"{NO_BROKER}: install the package {debian.BROKER} (3.10 or later), or set SHANGLIANG_AMQP_URL"
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)


def broker_directory() -> Path:
    """Return where the run's own broker lives."""
    return Path(os.environ[DIRECTORY]) / "rabbitmq"


def run_name() -> str:
    """Return the prefix of the run's databases and vhosts."""
    return Path(os.environ[DIRECTORY]).name.replace("-", "_").lower()


def database_url(name: str) -> str:
    """Return the address of a database of the run's server."""
    return make_url(os.environ[DATABASE]).set(database=name).render_as_string(hide_password=False)


async def execute(statement: str) -> None:
    """Run a statement about databases on the run's server."""
    connection = await asyncpg.connect(os.environ[DATABASE])
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def create_database(name: str, template: str = "template0") -> str:
    """Create a database of the run; return its address. One at a time, for a template has one reader."""
    with alone("create-database"):
        await execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return database_url(name)


async def drop_databases(prefix: str) -> None:
    """Drop the run's databases whose names start with a prefix."""
    connection = await asyncpg.connect(os.environ[DATABASE])
    try:
        names = await connection.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
        for row in names:
            await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
    finally:
        await connection.close()


async def create_vhost(name: str, on: BrokerAddress | None = None) -> BrokerAddress:
    """Create a vhost for the broker's own account, on the run's broker unless said otherwise; return its addresses."""
    broker = on or BrokerAddress(os.environ[BROKER], os.environ[BROKER_API])
    url = make_url(broker.url)
    async with httpx.AsyncClient(base_url=broker.api_url) as client:
        (await client.put(f"/api/vhosts/{name}", json={})).raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        (await client.put(f"/api/permissions/{name}/{url.username}", json=rights)).raise_for_status()
    return BrokerAddress(url.set(database=name).render_as_string(hide_password=False), broker.api_url)


async def delete_vhost(name: str, on: BrokerAddress | None = None) -> None:
    """Delete a vhost and all that is in it."""
    async with httpx.AsyncClient(base_url=on.api_url if on else os.environ[BROKER_API]) as client:
        (await client.delete(f"/api/vhosts/{name}")).raise_for_status()
