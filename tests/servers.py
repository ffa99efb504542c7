"""Real servers of the test run: started once, when a test needs them, and shared by its workers."""

import asyncio
import fcntl
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from shutil import rmtree
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url

from deploy import local
from deploy.addresses import variable_of
from deploy.servers import debian, processes
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from services.core.database import Database
from services.core.limits import AgencyLimits
from services.core.rights import key_of
from services.core.transaction import WriteTx
from services.migrations import run
from services.migrations.grants import Login
from services.migrations.roles import Made, make_roles
from services.migrations.tables import REFUSALS

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
SETTINGS = {
    DATABASE: "SHANGLIANG_DATABASE_URL",
    BROKER: "SHANGLIANG_AMQP_URL",
    BROKER_API: "SHANGLIANG_RABBITMQ_API_URL",
}
"""By which the tests are told to use other servers than private ones."""
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
STOP_TIMEOUT_S = 10.0
OWNERS: WeakKeyDictionary[Database, str] = WeakKeyDictionary()
"""The owner's address of each database that was opened with the rights of a process."""
LIMITS = AgencyLimits()
"""What one department may take of the tests' brokers."""
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class BrokerAddress:
    """A vhost of its own on the run's broker, with the management API."""

    url: str
    api_url: str


class Servers:
    """The private servers of one run, as any of its processes sees them.

    The process that first needs one starts it; the one that controls the run stops them all.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgres = EmbeddedPostgres(directory / "postgres", database="postgres", settings=VOLATILE)
        self.rabbitmq = PrivateRabbitMQ(directory / "rabbitmq")

    def stop(self) -> None:
        """Stop the servers, whichever process started them, once nobody else of the run is left; remove every file."""
        for pid in others():
            processes.end(pid, signal.SIGTERM, timeout_s=STOP_TIMEOUT_S)
        if self.rabbitmq.log_file.exists():
            self.rabbitmq.take_over()
            self.rabbitmq.remove()
        if self.postgres.pid is not None:
            self.postgres.start()  # which takes it over from a worker that has ended
        self.postgres.remove()
        rmtree(self.directory, ignore_errors=True)


def begin() -> None:
    """Make the run's directory, and tell the workers of it and of the servers that the settings name."""
    directory = Path(tempfile.mkdtemp(prefix="shangliang-test-", dir=MEMORY if memory_has_room() else None))
    directory.chmod(0o711)  # a server that may not run as root gets through
    os.environ[DIRECTORY] = str(directory)
    for name, setting in SETTINGS.items():
        if given := os.environ.get(setting):
            os.environ[name] = given


def end() -> None:
    """Leave nothing of the run behind; undisturbed, for it has been told to end."""
    for number in (*ENDINGS, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    try:
        if SETTINGS[DATABASE] in os.environ and lock_file("create-database").exists():
            asyncio.run(drop_databases(run_name()))
    finally:
        private().stop()


def interrupt(number: int, _frame: FrameType | None) -> None:
    """End the run as Ctrl-C in a terminal does, with its workers, so that each stops what its tests started."""
    signal.signal(number, signal.SIG_IGN)  # a terminal that closes tells the workers itself
    for pid in others():
        os.kill(pid, number)
    signal.raise_signal(signal.SIGINT)


def others() -> list[int]:
    """Return the other processes of the run, less its servers."""
    return [pid for pid in processes.started_with(f"{DIRECTORY}={os.environ[DIRECTORY]}") if pid != os.getpid()]


@cache
def private() -> Servers:
    """Return the run's private servers."""
    return Servers(Path(os.environ[DIRECTORY]))


def database_server() -> str:
    """Return the address of the run's PostgreSQL server, which runs. Raises ServerError where it does not start."""
    if DATABASE not in os.environ:
        with once("postgres", private().postgres.start):
            os.environ[DATABASE] = private().postgres.url
    return os.environ[DATABASE]


def has_broker() -> bool:
    """Tell whether there is a broker or may be one; where none is installed and it may be, install it."""
    if BROKER in os.environ:
        return True
    if PrivateRabbitMQ.installed() is None:
        with once("package", lambda: debian.install(debian.BROKER)):
            pass
    return PrivateRabbitMQ.installed() is not None


def start_broker() -> None:
    """Let the run's broker begin to start; it takes some seconds until it answers."""
    if BROKER not in os.environ:
        with once("rabbitmq", private().rabbitmq.start):
            pass


def broker() -> BrokerAddress:
    """Return the addresses of the run's broker, which answers. Raises ServerError where it does not start."""
    if BROKER not in os.environ:
        start_broker()
        private().rabbitmq.wait_ready()
        os.environ[BROKER], os.environ[BROKER_API] = private().rabbitmq.url, private().rabbitmq.api_url
    return BrokerAddress(os.environ[BROKER], os.environ[BROKER_API])


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


def lock_file(name: str) -> Path:
    """Return the file of one of the run's locks."""
    return Path(os.environ[DIRECTORY]) / f"{name}.lock"


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Hold one of the run's locks among its workers; gives a marker file for work that is done once."""
    path = lock_file(name)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path.with_suffix(".done")


@contextmanager
def once(name: str, work: Callable[[], object]) -> Iterator[None]:
    """Have work done by the first of the run's processes that comes, and hold its lock."""
    with alone(name) as done:
        if not done.exists():
            work()
            done.touch()
        yield


def need_broker() -> None:
    """Leave out a test that needs a broker where there is none; on the project's own machines that is a failure."""
    if not has_broker():
        reason = f"{NO_BROKER}: install the package {debian.BROKER} (3.10 or later), or set SHANGLIANG_AMQP_URL"
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)


def run_name() -> str:
    """Return the prefix of the run's databases and vhosts."""
    return Path(os.environ[DIRECTORY]).name.replace("-", "_").lower()


def database_url(name: str) -> str:
    """Return the address of a database of the run's server."""
    return make_url(database_server()).set(database=name).render_as_string(hide_password=False)


def login_url(url: str, login: Login) -> str:
    """Return the address of a database of the run with the account of one of its roles."""
    return local.login_url(url, login)


async def migrate(url: str, revision: str = "head") -> Made:
    """Bring a database of the run to a revision; it takes rights by the key that `open_as` signs with."""
    return await run.migrate(url, revision, key=key_of(login_url(url, Login.READ)))


async def open_as(
    url: str, login: Login = Login.WRITE, *, read_connections: int = 1, statement_timeout_s: float = 10.0
) -> Database:
    """Open a database with the rights of a process; one that writes for the API reads by its readers'.

    The address is the owner's, of the run's server or of another one whose roles were let in (`local.embedded`).
    """
    own = login_url(url, login)
    db = await Database.open(
        own,
        read_url=login_url(url, Login.READ) if login is Login.WRITE else None,
        refusals=REFUSALS,
        read_connections=read_connections,
        statement_timeout_s=statement_timeout_s,
    )
    OWNERS[db] = url
    return db


@asynccontextmanager
async def acting(url: str, login: Login, *, statement_timeout_s: float = 10.0) -> AsyncIterator[Database]:
    """Lend a database with the rights of a process."""
    db = await open_as(url, login, statement_timeout_s=statement_timeout_s)
    try:
        yield db
    finally:
        await db.close()


def address_of(db: Database) -> str:
    """Return the address by which a database was opened for reading."""
    return db.primary._url  # noqa: SLF001 -- nobody else asks


def owners_url(db: Database) -> str:
    """Return the address by which a database's owner opens it."""
    return OWNERS.get(db) or database_url(str(make_url(address_of(db)).database))


def settings_of(url: str) -> dict[str, str]:
    """Return the variables of an installation in production over a database of the run, without its owner's address."""
    return {"SHANGLIANG_ENVIRONMENT": "production", **{variable_of(login): login_url(url, login) for login in Login}}


OWNERS_S = 60.0
"""How long what a test sets up, thousands of rows at once say, may take on a busy machine."""


@asynccontextmanager
async def as_owner(place: str | Database) -> AsyncIterator[WriteTx]:
    """Lend a transaction of a database that may change anything, as no process may."""
    url = place if isinstance(place, str) else owners_url(place)
    db = await Database.open(url, refusals=REFUSALS, read_connections=1, statement_timeout_s=OWNERS_S)
    try:
        async with db.write() as tx:
            yield tx
    finally:
        await db.close()


async def let_in() -> None:
    """Let the roles log in at the run's server; the first of the run's processes that comes makes them."""
    with alone("logins") as done:
        if not done.exists():
            url = database_server()
            logins = {login: make_url(login_url(url, login)).password for login in Login}
            await make_roles(url, logins)
            done.touch()


async def execute(statement: str) -> None:
    """Run a statement about databases on the run's server."""
    connection = await asyncpg.connect(database_server())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def fetch(question: str, *values: object) -> Any:
    """Return the one value that a question about databases gives on the run's server."""
    connection = await asyncpg.connect(database_server())
    try:
        return await connection.fetchval(question, *values)
    finally:
        await connection.close()


async def create_database(name: str, template: str = "template0") -> str:
    """Create a database of the run; return its address. One at a time, for a template has one reader."""
    await let_in()
    with alone("create-database"):
        await execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return database_url(name)


async def drop_databases(prefix: str) -> None:
    """Drop the run's databases whose names start with a prefix."""
    connection = await asyncpg.connect(database_server())
    try:
        names = await connection.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
        for row in names:
            await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
    finally:
        await connection.close()


async def create_vhost(name: str, on: BrokerAddress | None = None) -> BrokerAddress:
    """Create a vhost for the broker's own account, on the run's broker unless said otherwise; return its addresses."""
    address = on if on is not None else await asyncio.to_thread(broker)
    url = make_url(address.url)
    async with httpx.AsyncClient(base_url=address.api_url) as client:
        (await client.put(f"/api/vhosts/{name}", json={})).raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        (await client.put(f"/api/permissions/{name}/{url.username}", json=rights)).raise_for_status()
    return BrokerAddress(url.set(database=name).render_as_string(hide_password=False), address.api_url)


async def delete_vhost(name: str, on: BrokerAddress | None = None) -> None:
    """Delete a vhost and all that is in it."""
    async with httpx.AsyncClient(base_url=(on if on is not None else broker()).api_url) as client:
        (await client.delete(f"/api/vhosts/{name}")).raise_for_status()
