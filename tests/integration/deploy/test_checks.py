"""`shangliang check` against real servers: what is right is told as right, and what is not with what would be."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from joserfc.jwk import ECKey
from sqlalchemy.engine import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy import checks
from deploy.addresses import DatabaseAddresses, setting_of
from deploy.checks import Checks, Found, table
from deploy.local import Broker
from events.topology import apply_topology
from graph.http.issuer import DISCOVERY
from services.core.clock import SystemClock
from services.core.rights import key_of
from services.core.settings import Settings
from services.migrations.current import HEAD, REVISIONS
from services.migrations.grants import Login
from services.migrations.run import migrate
from tests.clock import SetClock
from tests.servers import LIMITS, BrokerAddress, login_url


@asynccontextmanager
async def issuing(*, named: str | None = None, keys: int = 1, date: str | None = None) -> AsyncIterator[str]:
    """Run an issuer; gives its address."""
    url = ""

    async def discovery(_request: Request) -> Response:
        headers = {} if date is None else {"date": date}
        return JSONResponse({"issuer": named or url, "jwks_uri": f"{url}/keys"}, headers=headers)

    async def its_keys(_request: Request) -> Response:
        found = [ECKey.generate_key("P-256", {"kid": str(number)}).as_dict(private=False) for number in range(keys)]
        return JSONResponse({"keys": found})

    app = Starlette(routes=[Route(DISCOVERY, discovery), Route("/keys", its_keys)])
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off", date_header=date is None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield url
    server.should_exit = True
    await running


def addresses_of(url: str) -> dict[str, Any]:
    """Return the addresses of a database of the run, each with its account, as settings."""
    return {"database_url": url, **{setting_of(login): login_url(url, login) for login in Login}}


async def found(tmp_path: Path, broker: Broker | None = None, *, ahead: float = 0.0, **given: Any) -> dict[str, Found]:
    """Return what is found with settings, by what was tried."""
    settings = Settings(state_dir=tmp_path / "state", **given)
    clock = SetClock()
    clock.time = SystemClock().now() + timedelta(seconds=ahead)
    checked = Checks(settings, DatabaseAddresses.of(settings), broker, clock)
    return {one.tried: one async for one in checked.run()}


def wrong(told: dict[str, Found]) -> dict[str, tuple[str, str]]:
    return {name: (one.found, one.right) for name, one in told.items() if one.right is not None}


@pytest.fixture
async def declared(amqp: BrokerAddress) -> BrokerAddress:
    """The broker's vhost with the topology."""
    await apply_topology([], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    return amqp


@pytest.fixture
async def keyed_url(migrated_url: str) -> str:
    """The database, which takes the rights that the readers' address signs."""
    await migrate(migrated_url, key=key_of(login_url(migrated_url, Login.READ)))
    return migrated_url


async def test_whole_installation_is_right(keyed_url: str, declared: BrokerAddress, tmp_path: Path) -> None:
    broker = Broker(declared.url, declared.api_url, own_relay_url=declared.url, own_intake_url=declared.url)
    url = make_url(keyed_url)
    place = f"{url.host}:{url.port}"
    async with issuing() as issuer:
        told = await found(
            tmp_path, broker, oidc_issuer=issuer, anchor_dir=tmp_path / "anchors", security_log=tmp_path / "log",
            **addresses_of(keyed_url),
        )  # fmt: skip
    assert wrong(told) == {}
    said = {name: one.found for name, one in told.items()}
    assert said["database, schema"] == f"at {HEAD}"
    assert said["database, row policies"] == "rights signed by this password are taken"
    assert said["database, database_url: account"].endswith(" may migrate")
    for login in Login:
        assert said[f"database, {setting_of(login)}"].endswith(f" at {place}/{url.database}")
        assert said[f"database, {setting_of(login)}: account"] == f"{login} has the rights of {login}"
    vhost = make_url(declared.url).database
    for name, may in (
        ("amqp_url", "makes queues"),
        ("relay_amqp_url", "publishes to shangliang.events"),
        ("intake_amqp_url", "shangliang.replies.inbox is there, with 0 messages"),
    ):
        assert said[f"broker, {name}"].endswith(f", vhost {vhost}")
        assert said[f"broker, {name}: permission"] == may
    assert said["issuer"] == f"1 keys of {issuer}"
    assert said["clock, issuer"].endswith(" this machine's")
    assert said[f"clock, database at {place}"].endswith(" this machine's")
    assert [name for name in said if name.startswith("disk, ")] == [
        "disk, state_dir", "disk, anchor_dir", "disk, security_log",
    ]  # fmt: skip
    assert not (tmp_path / "state").exists()


async def test_database_that_lets_nobody_in_or_is_not_there(keyed_url: str, tmp_path: Path) -> None:
    elsewhere = make_url(keyed_url).set(password="wrong").render_as_string(hide_password=False)
    nowhere = "postgresql://a:secret-word@127.0.0.1:1/hall"
    told = wrong(await found(tmp_path, database_url=elsewhere, read_database_url=nowhere))
    fault, right = told["database, database_url"]
    assert "password authentication failed" in fault
    assert right == "SHANGLIANG_DATABASE_URL with an address, an account and a password that are taken"
    fault, right = told["database, read_database_url"]
    assert fault.startswith("127.0.0.1:1/hall: ")
    assert "Connect call failed" in fault
    assert right == "SHANGLIANG_READ_DATABASE_URL with an address, an account and a password that are taken"


async def test_accounts_that_may_too_much_or_too_little(keyed_url: str, tmp_path: Path) -> None:
    given = addresses_of(keyed_url)
    relay, intake = given["relay_database_url"], given["intake_database_url"]
    swapped = {**given, "relay_database_url": intake, "intake_database_url": relay, "database_url": relay}
    told = wrong(await found(tmp_path, **swapped))
    for name, login in (("relay", Login.RELAY), ("intake", Login.INTAKE)):
        other = Login.INTAKE if login is Login.RELAY else Login.RELAY
        assert told[f"database, {name}_database_url: account"] == (
            f"{other} is not {login}", f"`shangliang migrate`, and an account with the role {login}",
        )  # fmt: skip
    assert told["database, database_url: account"] == (
        f"{Login.RELAY} does not own the tables", "the account of who migrates",
    )  # fmt: skip
    superusers = {**given, "read_database_url": keyed_url, "write_database_url": keyed_url}
    assert wrong(await found(tmp_path, **superusers)) == {}
    told = wrong(await found(tmp_path, environment="production", **superusers))
    account = make_url(keyed_url).username
    right = "an account with no more than the role shangliang_write"
    assert told["database, write_database_url: account"] == (f"{account} is a superuser", right)
    assert told["database, row policies"] == (
        "do not hold for this account", "an account with no more than the role shangliang_read",
    )  # fmt: skip
    assert told["issuer"] == ("none, in production", "SHANGLIANG_OIDC_ISSUER")


async def test_schema_and_key_of_another_time(keyed_url: str, empty_database_url: str, tmp_path: Path) -> None:
    right = f"{HEAD}, by `shangliang migrate`"
    told = wrong(await found(tmp_path, database_url=empty_database_url))
    assert told == {"database, schema": ("missing: none", right)}
    connection = await asyncpg.connect(keyed_url)
    await connection.execute("UPDATE alembic_version SET version_num = $1, serves = $1", REVISIONS[-2])
    await migrate(keyed_url, REVISIONS[-2], key=b"another")
    await connection.execute("UPDATE alembic_version SET version_num = $1, serves = $1", REVISIONS[-2])
    told = wrong(await found(tmp_path, **addresses_of(keyed_url)))
    assert told == {
        "database, schema": (f"too old: {REVISIONS[-2]}", right),
        "database, row policies": (
            "rights signed by this password are not taken",
            "`shangliang migrate` with the same SHANGLIANG_READ_DATABASE_URL",
        ),
    }
    await connection.execute("UPDATE alembic_version SET version_num = '9999_later', serves = '9999_later'")
    await connection.close()
    told = wrong(await found(tmp_path, database_url=keyed_url))
    assert told == {"database, schema": ("too new: 9999_later", right)}


async def test_broker_with_wrong_accounts(migrated_url: str, amqp: BrokerAddress, tmp_path: Path) -> None:
    url = make_url(amqp.url)

    def with_(**parts: Any) -> str:
        return url.set(**parts).render_as_string(hide_password=False)

    async def told(*urls: str, api: str | None = None) -> dict[str, tuple[str, str]]:
        relay, intake = (*urls[1:], None, None)[:2]
        broker = Broker(urls[0], api, own_relay_url=relay, own_intake_url=intake)
        return wrong(await found(tmp_path, broker, database_url=migrated_url))

    fault, right = (await told(with_(password="wrong")))["broker, amqp_url"]
    assert "ACCESS_REFUSED" in fault
    assert right == "SHANGLIANG_AMQP_URL with an account that is let in"
    fault, right = (await told(with_(database="of-nobody")))["broker, amqp_url"]
    assert fault.startswith(f"{url.host}:{url.port}, vhost of-nobody: ")
    assert right == "SHANGLIANG_AMQP_URL with a broker, and a vhost that the account may enter"
    fault, right = (await told(with_(port=1)))["broker, amqp_url"]
    assert fault.startswith(f"{url.host}:1, vhost ")
    missing = await told(amqp.url, amqp.url, amqp.url)  # nothing is declared yet
    assert missing.keys() == {"broker, relay_amqp_url: permission", "broker, intake_amqp_url: permission"}
    for fault, right in missing.values():
        assert "NOT_FOUND" in fault
        assert right == "`shangliang topology`, which makes what is missing"
    await apply_topology([], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        (await client.put("/api/users/check.nobody", json={"password": "secret", "tags": ""})).raise_for_status()
        rights = {"configure": "^$", "write": "^$", "read": "^$"}
        (await client.put(f"/api/permissions/{url.database}/check.nobody", json=rights)).raise_for_status()
        try:
            nobody = with_(username="check.nobody", password="secret")
            refused = await told(nobody, nobody)
        finally:
            await client.delete("/api/users/check.nobody")
    assert refused.keys() == {"broker, amqp_url: permission", "broker, relay_amqp_url: permission"}
    for fault, right in refused.values():
        assert "ACCESS_REFUSED" in fault
        assert right == "`shangliang topology`, which gives it"
    api = make_url(amqp.api_url).set(password="wrong").render_as_string(hide_password=False)
    fault, right = (await told(amqp.url, api=api))["broker, management"]
    assert "401" in fault
    assert "wrong" not in fault
    assert right == "SHANGLIANG_RABBITMQ_API_URL with an administrator's account"
    gone = with_(username="gone", password="gone")
    assert (await told(amqp.url, gone, api=amqp.api_url))["broker, management"][1] == (
        "`shangliang topology`, which makes them"
    )


async def test_issuer_that_is_another_has_no_keys_or_is_away(migrated_url: str, tmp_path: Path) -> None:
    async def told(issuer: str) -> dict[str, tuple[str, str]]:
        return wrong(await found(tmp_path, database_url=migrated_url, oidc_issuer=issuer))

    async with issuing(named="https://another.example.org") as issuer:
        fault, right = (await told(issuer))["issuer"]
        assert fault.startswith(f"{issuer}: its discovery document is of the issuer 'https://another.example.org'")
        assert right == "an issuer that answers with its keys"
    async with issuing(keys=0) as issuer:
        assert await told(issuer) == {"issuer": (f"0 keys of {issuer}", "a set with keys that verify tokens")}
    fault, _ = (await told(issuer))["issuer"]
    assert fault.startswith(f"{issuer}: ")
    async with issuing(date="Wed, 01 Jan 2020 00:00:00 GMT") as issuer:
        fault, right = (await told(issuer))["clock, issuer"]
        assert fault.endswith(" s behind this machine's")
        assert right == "clocks less than 60 s apart (NTP)"


async def test_clock_that_is_off(migrated_url: str, tmp_path: Path) -> None:
    (fault, right) = next(iter(wrong(await found(tmp_path, ahead=3600, database_url=migrated_url)).values()))
    assert fault.startswith(("3600.", "3599."))
    assert fault.endswith(" s behind this machine's")
    assert right == "clocks less than 60 s apart (NTP)"
    assert wrong(await found(tmp_path, ahead=-30, database_url=migrated_url)) == {}


async def test_folder_without_room_or_closed(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = wrong(await found(tmp_path, database_url=migrated_url, anchor_dir=Path("/proc/anchors")))
    fault, right = told["disk, anchor_dir"]
    assert fault.startswith("/proc/anchors cannot be written: ")
    assert right == "a folder of who runs this"
    monkeypatch.setattr(checks, "LEAST_FREE", 2**60)
    told = wrong(await found(tmp_path, database_url=migrated_url))
    fault, right = told["disk, state_dir"]
    assert fault.endswith(f" GiB free for {tmp_path / 'state'}")
    assert right == f"{2**30} GiB or more"


def test_table_has_a_line_for_each() -> None:
    rows = [Found("database", "PostgreSQL 15"), Found("clock, issuer", "90 s behind", "less")]
    assert table(rows).splitlines() == [
        "ok     database       PostgreSQL 15",
        "WRONG  clock, issuer  90 s behind → less",
    ]


async def test_command_prints_a_table_and_ends_with_what_is_wrong(
    keyed_url: str, declared: BrokerAddress, tmp_path: Path
) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    settings = {
        **{f"SHANGLIANG_{name.upper()}": value for name, value in addresses_of(keyed_url).items()},
        "SHANGLIANG_AMQP_URL": declared.url,
        "SHANGLIANG_RABBITMQ_API_URL": declared.api_url,
        "SHANGLIANG_STATE_DIR": str(tmp_path / "state"),
    }

    async def run(**more: str) -> tuple[int | None, list[str], bytes]:
        words = (sys.executable, "-m", "deploy", "check")
        process = await asyncio.create_subprocess_exec(
            *words, env={**own, **settings, **more}, stdout=PIPE, stderr=PIPE
        )
        told, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, told.decode().splitlines(), said

    status, lines, said = await run()
    assert (status, said) == (0, b"")
    assert {line.split()[0] for line in lines} == {"ok"}
    status, lines, said = await run(SHANGLIANG_OIDC_ISSUER="http://127.0.0.1:1")
    assert (status, said) == (1, b"")
    (line,) = (line for line in lines if not line.startswith("ok "))
    assert line.startswith("WRONG  issuer  ")
    assert line.endswith("→ an issuer that answers with its keys")
