"""The one database that all contenders read."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from deploy.local import login_url
from deploy.servers.postgres import EmbeddedPostgres
from services.core.rights import key_of
from services.migrations.grants import Login
from services.migrations.run import migrate
from services.seeds.seed import seed
from tests.benchmarks import usage

FOR_POSTGRAPHILE = Path(__file__).parent / "peers" / "postgraphile.sql"
SETTINGS = {"shared_buffers": "512MB", "effective_cache_size": "2GB", "max_wal_size": "4GB"}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A seeded database: its address, PostgreSQL's version, the server's process where it is on this machine."""

    url: str
    version: str
    process: int | None


@contextmanager
def prepared(scale: int, keep: Path | None, say: Say, *, settings: Mapping[str, str] = SETTINGS) -> Iterator[Prepared]:
    """Lend a database with the province of a scale.

    A server of its own has the settings. With `keep`, its cluster stays in that directory and is used again. With
    SHANGLIANG_DATABASE_URL it is a database of that server, dropped at the end unless `keep` is given.
    """
    given = os.environ.get("SHANGLIANG_DATABASE_URL")
    if given is not None:
        with _on_server(given, scale, keep=keep is not None) as url:
            yield asyncio.run(_fill(url, scale, say))
        return
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as temporary:
        base = keep or Path(temporary)
        base.mkdir(parents=True, exist_ok=True)
        base.chmod(0o711)  # a server that may not run as root gets through
        server = EmbeddedPostgres(base / f"scale-{scale}", settings=settings)
        server.start()
        try:
            yield asyncio.run(_fill(server.url, scale, say))
        finally:
            if keep is None:
                server.remove()
            else:
                server.stop()


@contextmanager
def _on_server(given: str, scale: int, *, keep: bool) -> Iterator[str]:
    name = f"shangliang_benchmark_{scale}"
    asyncio.run(_administer(given, f"CREATE DATABASE {name}", known=name))
    try:
        yield make_url(given).set(database=name).render_as_string(hide_password=False)
    finally:
        if not keep:
            asyncio.run(_administer(given, f"DROP DATABASE {name} WITH (FORCE)"))


async def _administer(url: str, statement: str, known: str | None = None) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", known):
            await connection.execute(statement)
    finally:
        await connection.close()


UNTIL = date(2026, 6, 30)
"""Whenever it is measured, as much is there."""


async def _fill(url: str, scale: int, say: Say) -> Prepared:
    """The database has every table, the province and what PostGraphile needs; statistics are fresh."""
    logins = {login: make_url(login_url(url, login)).password for login in Login}
    await migrate(url, passwords=logins, key=key_of(login_url(url, Login.READ)))
    report = await seed(url, until=UNTIL, scale=scale, progress=lambda _line: None)
    if not report.already_there:
        say(f"seeded scale {scale} in {report.duration_s:.0f} s: {sum(report.rows.values()):,} rows")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(FOR_POSTGRAPHILE.read_text())
        await connection.execute("VACUUM (ANALYZE)")
        version: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return Prepared(url, version, await usage.server_process(url))
