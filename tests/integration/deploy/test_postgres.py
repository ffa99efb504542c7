import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from deploy.servers import processes
from deploy.servers.account import account_for
from deploy.servers.binaries import find_binaries
from deploy.servers.errors import ServerError
from deploy.servers.place import RELOCATED
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.postgres_settings import settings_file

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A directory that only its owner may enter."""
    directory = tmp_path / "closed"
    directory.mkdir(mode=0o700)
    return directory


@pytest.fixture
def server(closed: Path) -> Iterator[EmbeddedPostgres]:
    """A server that has not been started."""
    postgres = EmbeddedPostgres(closed / "postgres", settings={"fsync": "off"})
    yield postgres
    postgres.remove()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server as the demo has it; a test that ends it starts it again."""
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "postgres")
    assert postgres.start() is True
    yield postgres
    postgres.remove()


async def query(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def test_start_leaves_the_database_and_the_settings(running: EmbeddedPostgres) -> None:
    names = ("data_checksums", "fsync", "jit", "listen_addresses", "password_encryption", "unix_socket_directories")
    settings = f"SELECT name, setting FROM pg_settings WHERE name IN {names} ORDER BY name"
    assert await query(running.url, settings) == [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("jit", "off"),
        ("listen_addresses", "127.0.0.1"),
        ("password_encryption", "scram-sha-256"),
        ("unix_socket_directories", ""),
    ]
    database = "SELECT current_database(), current_user, pg_encoding_to_char(encoding), datcollate, datctype"
    assert await query(running.url, f"{database} FROM pg_database WHERE datname = current_database()") == [
        ("shangliang", "shangliang", "UTF8", "C", "C.UTF-8")
    ]
    assert await query(running.url, "SELECT lower('É'), '商' ~ '[[:alpha:]]'") == [("é", True)]


async def test_start_with_settings_overrides_its_own(closed: Path) -> None:
    postgres = EmbeddedPostgres(closed / "postgres", database="it's", settings={"fsync": "off", "jit": "on"})
    postgres.start()
    try:
        assert await query(postgres.url_of("it's"), "SELECT current_database()") == [("it's",)]
        assert await query(postgres.url, "SELECT current_setting('fsync'), current_setting('jit')") == [("off", "on")]
    finally:
        postgres.remove()


async def test_start_of_a_running_server_attaches(running: EmbeddedPostgres) -> None:
    pid = running.pid
    other = EmbeddedPostgres(running.log_file.parent, database="another")
    assert other.start() is False
    assert other.url == running.url_of("another")
    assert await query(other.url, "SELECT current_database()") == [("another",)]
    other.stop()
    with pytest.raises(ServerError):
        other.kill()
    with pytest.raises(ServerError):
        other.remove()
    assert running.start() is False
    assert running.pid == pid


async def test_start_of_two_at_once_starts_one(server: EmbeddedPostgres, closed: Path) -> None:
    other = EmbeddedPostgres(closed / "postgres")
    started = await asyncio.gather(asyncio.to_thread(server.start), asyncio.to_thread(other.start))
    assert sorted(started) == [False, True]
    assert server.url == other.url
    (server if started[1] else other).stop()
    assert server.pid is not None
    other.stop()


async def test_stop_leaves_no_process_and_start_finds_the_data(running: EmbeddedPostgres) -> None:
    url, pid = running.url, running.pid
    await query(url, "CREATE TABLE kept_by_stop AS SELECT 7 AS number")
    running.stop()
    running.stop()
    assert pid is not None
    assert running.pid is None
    assert processes.working_in((running.log_file.parent / "server").resolve()) == []
    assert running.start() is True
    assert running.url == url
    assert await query(url, "SELECT number FROM kept_by_stop") == [(7,)]


async def test_kill_keeps_what_was_committed(running: EmbeddedPostgres) -> None:
    url = running.url
    await query(url, "CREATE TABLE kept_by_kill AS SELECT 7 AS number")
    running.kill()
    assert processes.working_in((running.log_file.parent / "server").resolve()) == []
    assert running.start() is True
    assert running.url == url
    assert await query(url, "SELECT number FROM kept_by_kill") == [(7,)]


def test_start_takes_over_from_a_starter_that_died(server: EmbeddedPostgres, closed: Path) -> None:
    program = (
        "import os, pathlib, sys; from deploy.servers.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1])).start(); os.kill(os.getpid(), 9)"
    )
    starter = subprocess.run([sys.executable, "-c", program, closed / "postgres"], check=False)  # noqa: S603 -- fixed program
    assert starter.returncode == -signal.SIGKILL
    pid = server.pid
    assert pid is not None
    assert server.start() is True
    assert server.pid == pid
    server.stop()
    assert not processes.alive(pid)


async def test_start_after_the_pid_was_reused_by_another_process(running: EmbeddedPostgres) -> None:
    pid_file = running.log_file.parent / "server" / "data" / "postmaster.pid"
    content = pid_file.read_text().splitlines()
    running.kill()
    pid_file.write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")
    assert running.pid is None
    assert running.start() is True
    assert await query(running.url, "SELECT 1") == [(1,)]


async def test_start_when_the_port_is_taken_moves_to_another(running: EmbeddedPostgres) -> None:
    port = running.port
    running.stop()
    squatter = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", port)
    async with squatter:
        running.start()
        assert running.port != port
        assert await query(running.url, "SELECT 1") == [(1,)]


async def test_connecting_with_a_wrong_password_is_refused(running: EmbeddedPostgres) -> None:
    password_file = running.log_file.parent / "password"
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    assert password_file.read_text() in running.url
    with pytest.raises(asyncpg.InvalidPasswordError):
        await query(running.url.replace(password_file.read_text(), "wrong"), "SELECT 1")


def test_remove_leaves_nothing(server: EmbeddedPostgres, closed: Path) -> None:
    server.start()
    place = (closed / "postgres" / "server").resolve()
    (closed / "postgres" / "somebody-else's").touch()
    server.remove()
    assert not place.exists()
    assert list((closed / "postgres").iterdir()) == [closed / "postgres" / "somebody-else's"]
    (closed / "postgres" / "somebody-else's").unlink()
    server.start()
    server.remove()
    assert list(closed.iterdir()) == []


@only_root
def test_place_under_a_closed_directory_is_elsewhere(server: EmbeddedPostgres, closed: Path) -> None:
    modes = {parent: parent.stat().st_mode for parent in closed.resolve().parents}
    server.start()
    link = closed / "postgres" / "server"
    place = link.readlink()
    assert place.parent == RELOCATED
    assert len(bytes.fromhex(place.name)) == 8
    account = account_for(place)
    assert account is not None
    assert (place.stat().st_uid, stat.S_IMODE(place.stat().st_mode)) == (account.uid, 0o700)
    assert {parent: parent.stat().st_mode for parent in closed.resolve().parents} == modes
    server.stop()
    closed.rename(closed.with_name("moved"))
    moved = EmbeddedPostgres(closed.with_name("moved") / "postgres")
    moved.start()
    assert (closed.with_name("moved") / "postgres" / "server").readlink() == place
    fresh = EmbeddedPostgres(closed / "postgres")
    fresh.start()
    assert link.readlink() not in {place, None}
    assert moved.pid is not None
    for postgres in (moved, fresh):
        postgres.remove()
    assert not place.exists()


@only_root
def test_place_of_a_deleted_directory_is_cleared(server: EmbeddedPostgres, closed: Path) -> None:
    orphaned = EmbeddedPostgres(closed / "postgres")
    orphaned.start()
    pid, place = orphaned.pid, (closed / "postgres" / "server").readlink()
    shutil.rmtree(closed / "postgres")
    assert server.start() is True
    assert (closed / "postgres" / "server").readlink() == place
    assert pid is not None
    assert not processes.alive(pid)
    orphaned.stop()


@only_root
def test_place_under_an_open_directory_stays_there() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        postgres = EmbeddedPostgres(Path(name) / "postgres")
        postgres.start()
        place = Path(name) / "postgres" / "server"
        assert (place.is_symlink(), stat.S_IMODE(place.stat().st_mode)) == (False, 0o700)
        assert postgres.pid is not None
        postgres.remove()
        assert list(Path(name).iterdir()) == []


@only_root
def test_binaries_in_a_closed_directory_are_copied(
    server: EmbeddedPostgres, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = find_binaries().package
    if package is None:
        pytest.skip("the system's binaries are within everybody's reach")
    shutil.copytree(package, closed / package.name)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    monkeypatch.syspath_prepend(closed)
    server.start()
    copy = (closed / "postgres" / "server").resolve() / "binaries" / package.name / "pginstall" / "bin" / "postgres"
    assert copy.is_file()
    assert server.pid is not None  # its account may not enter where the originals are


def test_binaries_of_another_major_version_are_not_taken() -> None:
    with pytest.raises(ServerError, match="The data was made by PostgreSQL 99, and only "):
        find_binaries(99)


async def test_start_without_the_wheel_takes_the_systems_binaries_and_stays_with_them(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_wheel:
        without_wheel.setattr("deploy.servers.binaries._WHEEL", "no_such_wheel")
        try:
            system = find_binaries()
        except ServerError:
            pytest.skip("PostgreSQL is not installed in the system")
        server.start()
    version = "SELECT current_setting('server_version_num')::int / 10000, current_setting('data_checksums')"
    assert await query(server.url, version) == [(system.major, "on")]
    server.stop()
    server.start()
    assert await query(server.url, version) == [(system.major, "on")]


async def test_log_has_no_words_of_statements_and_rows(running: EmbeddedPostgres) -> None:
    mark = "zq7Xmarked密语"
    connection = await asyncpg.connect(running.url)
    await connection.execute("CREATE TABLE words (word TEXT UNIQUE, number INTEGER CHECK (number > 0))")
    await connection.execute("INSERT INTO words VALUES ($1, 1)", mark)
    for statement, *arguments in (
        ("INSERT INTO words VALUES ($1, 1)", mark),
        ("INSERT INTO words VALUES ($1, -1)", mark),
        (f"INSERT INTO words VALUES ('{mark}', 'x')",),
        ("SELECT CAST($1::text AS INTEGER)", mark),
        (f"SELECT {mark}",),
        (f"DO $$ BEGIN RAISE EXCEPTION '{mark}' USING DETAIL = '{mark}'; END $$",),
        (f"DO $$ BEGIN RAISE WARNING '{mark}'; END $$",),
    ):
        with suppress(asyncpg.PostgresError):
            await connection.execute(statement, *arguments)
    await connection.execute("SET log_min_duration_statement = 0")
    await connection.fetch("SELECT pg_sleep(0.01) FROM words WHERE word = $1", mark)
    await connection.execute("DROP TABLE words")
    await connection.close()
    text = running.log_file.read_text()
    assert "pg_sleep" in text
    assert not any(part in text for part in ("zq7Xmarked", "密语"))
    assert stat.S_IMODE(running.log_file.stat().st_mode) == 0o600


def test_server_of_docker_compose_logs_no_more() -> None:
    conf = (Path(__file__).parents[3] / "deploy" / "postgres" / "postgresql.conf").read_text()
    for line in settings_file(1, {}).splitlines():
        name, _, value = line.partition("  #")[0].partition(" = ")
        if name.startswith("log_") and name not in {"log_line_prefix", "log_timezone"}:
            assert f"\n{name} = {value.strip(chr(39))}\n" in conf, name
