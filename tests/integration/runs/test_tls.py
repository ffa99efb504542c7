"""PostgreSQL and RabbitMQ over TLS, by what their addresses say: who is not to be trusted is told nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import aio_pika
import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy.engine import make_url

from events.management import open_management
from services.core.database import Database
from services.core.errors import Unavailable
from services.core.settings import Settings
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS
from services.notices.wake import open_wake
from services.search.reindex import is_stale
from tests import servers
from tests.events.tls import Authority, Front, front, of_postgres
from tests.servers import migrate
from tests.serving import running, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that signed nothing of the servers."""
    return Authority.found(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
async def postgres(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    """The run's PostgreSQL server, over TLS alone; its certificate is for localhost."""
    context = authority.sign("localhost", tmp_path_factory.mktemp("postgres"))
    url = servers.database_server()
    async with front(url, context, scheme="postgresql", greeting=of_postgres) as found:
        yield found


def trusting(front_: Front, authority: Authority, *, host: str = "localhost", mode: str = "verify-full") -> str:
    """Return the address of a front for who trusts an authority and looks for a host."""
    url = front_.url.replace("@localhost:", f"@{host}:")
    return f"{url}?sslmode={mode}&sslrootcert={quote(str(authority.file))}"


def of_database(url: str, name: str) -> str:
    """Return an address with another database."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


@pytest.fixture
def counties(postgres: Front, authority: Authority, counties_url: str) -> str:
    """The address over TLS of a province of the test's own."""
    return of_database(trusting(postgres, authority), counties_url.rpartition("/")[2])


async def test_every_connection_to_the_database_is_verified(postgres: Front, counties: str) -> None:
    before = postgres.attempts
    db = await Database.open(counties, refusals=REFUSALS, read_connections=1)
    try:
        assert await db.reads.read_json("SELECT 1::text", []) == b"1"
        async with db.write() as tx:
            assert await tx.read_json("SELECT 2::text", []) == b"2"
        assert [row async for batch in db.rows.batches("SELECT 'x'", []) for row in batch] == ["x"]
        async with open_wake(counties, "a_channel") as wake:
            assert await wake.wait(5)  # which listens, and looks once
            async with db.write() as tx:
                await tx.notify("a_channel")
            assert await wake.wait(5)
    finally:
        await db.close()
    await migrate(counties)
    assert not await is_stale(counties)
    assert postgres.attempts - before >= 6


async def read(url: str) -> None:
    db = await Database.open(url)
    await db.close()


async def row(url: str) -> None:
    db = await Database.open(servers.database_server())
    db.rows._url = url  # noqa: SLF001 -- the way of exports alone
    try:
        async for _ in db.rows.batches("SELECT 'x'", []):
            pass
    finally:
        await db.close()


async def write(url: str) -> None:
    db = await Database.open(url, read_url=servers.database_server())
    try:
        async with db.write():
            pass
    finally:
        await db.close()


async def listen(url: str) -> None:
    async with open_wake(url, "a_channel") as wake:
        if not await wake.wait(1):
            raise ssl.SSLError


WAYS: dict[str, Callable[[str], Awaitable[object]]] = {
    "read": read, "row": row, "write": write, "listen": listen, "migrate": migrate, "reindex": is_stale,
}  # fmt: skip


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize("wrong", ["authority", "host"])
async def test_database_that_is_not_the_right_one_is_told_nothing(
    postgres: Front, authority: Authority, other: Authority, way: str, wrong: str
) -> None:
    url = trusting(postgres, other) if wrong == "authority" else trusting(postgres, authority, host="127.0.0.1")
    told, attempts = len(postgres.told), postgres.attempts
    with pytest.raises((ssl.SSLError, Unavailable)):
        await WAYS[way](url)
    assert postgres.attempts > attempts
    assert len(postgres.told) == told


async def test_service_runs_over_tls(
    postgres: Front, counties: str, other: Authority, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.pem"
    LocalIssuer.load(key, audience="shangliang")
    async with serving(counties, key) as served, httpx.AsyncClient(base_url=served.address) as http:
        found = await http.post("/graphql", json={"query": '{ division(code: "14") { name } }'})
        assert found.json() == {"data": {"division": {"name": "山西省"}}}
        exported = await http.get("/export/platforms.csv", params={"fields": "code"})
        assert (exported.status_code, exported.text.count("\n") > 1) == (200, True)
    wrong = {"database_url": trusting(postgres, other), "signing_key_file": str(key)}
    told = len(postgres.told)
    capfd.readouterr()
    async with running("deploy", "serve", settings=wrong) as process:
        assert await asyncio.wait_for(process.wait(), 60) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("The database at localhost:")
    assert "CERTIFICATE_VERIFY_FAILED" in line
    assert str(make_url(postgres.url).password) not in line
    assert len(postgres.told) == told


@pytest.fixture(scope="module")
async def rabbitmq(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    """The run's broker over TLS, which lets in who has a certificate of the authority."""
    servers.need_broker()
    context = authority.sign("localhost", tmp_path_factory.mktemp("rabbitmq"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_OPTIONAL
    broker = await asyncio.to_thread(servers.broker)
    async with front(broker.url, context) as found:
        yield found


@pytest.fixture(scope="module")
async def management(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    """The broker's management API over TLS, which lets in who has a certificate of the authority."""
    servers.need_broker()
    context = authority.sign("localhost", tmp_path_factory.mktemp("management"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    broker = await asyncio.to_thread(servers.broker)
    async with front(broker.api_url, context, scheme="https") as found:
        yield found


@pytest.fixture(scope="module")
def client(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an address says of a client's own certificate."""
    folder = tmp_path_factory.mktemp("client")
    authority.sign("shangliang", folder)
    return f"certfile={quote(str(folder / 'shangliang.pem'))}&keyfile={quote(str(folder / 'shangliang.pem'))}"


async def test_broker_and_its_management_are_verified(
    rabbitmq: Front, management: Front, authority: Authority, client: str
) -> None:
    trust = f"cafile={quote(str(authority.file))}"
    for query in (trust, f"{trust}&{client}"):
        connection = await aio_pika.connect(f"{rabbitmq.url}?{query}", timeout=10)
        await connection.close()
    async with open_management(f"{management.url}?{trust}&{client}", rabbitmq.url) as api:
        assert await api.accounts()
    with pytest.raises(httpx.TransportError):
        async with open_management(f"{management.url}?{trust}", rabbitmq.url) as api:
            await api.accounts()


@pytest.mark.parametrize("wrong", ["authority", "host", "none"])
async def test_broker_that_is_not_the_right_one_is_told_nothing(
    rabbitmq: Front, management: Front, authority: Authority, other: Authority, client: str, wrong: str
) -> None:
    trusted = {"authority": other, "host": authority}.get(wrong)
    query = f"?cafile={quote(str(trusted.file))}&{client}" if trusted else ""
    told = len(rabbitmq.told), len(management.told)
    host = "127.0.0.1" if wrong == "host" else "localhost"
    urls = [one.url.replace("@localhost:", f"@{host}:") for one in (rabbitmq, management)]
    with pytest.raises(aio_pika.exceptions.CONNECTION_EXCEPTIONS):
        await aio_pika.connect(f"{urls[0]}{query}", timeout=10)
    with pytest.raises(httpx.ConnectError):
        async with open_management(f"{urls[1]}{query}", rabbitmq.url) as api:
            await api.accounts()
    assert (len(rabbitmq.told), len(management.told)) == told


def test_broker_is_not_to_be_taken_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_RELAY_AMQP_URL", "amqps://u:p@broker/v?no_verify_ssl=1")
    with pytest.raises(ValidationError, match="name its authority by cafile"):
        Settings()
