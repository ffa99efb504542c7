"""A PostgreSQL cluster's files: made once, and what they say about the server on them."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.servers import postgres_settings, processes
from deploy.servers.account import Account, credentials
from deploy.servers.binaries import Binaries
from deploy.servers.directory import write_private
from deploy.servers.errors import ServerError

SUPERUSER = "shangliang"
_STARTING_TRIES = 3
_PID_LINE, _PORT_LINE, _STATUS_LINE = 0, 3, 7


def data_directory(place: Path) -> Path:
    """Where the cluster of a place is."""
    return place / "data"


def major_version(place: Path) -> int | None:
    """The major version of the cluster; None when none has been made."""
    file = data_directory(place) / "PG_VERSION"
    return int(file.read_text()) if file.exists() else None


def make_cluster(place: Path, binaries: Binaries, account: Account | None, password: str, *, durable: bool) -> None:
    """A cluster exists: UTF-8, ordered by code point, checksummed, every connection by password."""
    unfinished = place / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file = place / "password.new"
    write_private(password_file, password)
    if account is not None:
        os.chown(password_file, account.uid, account.gid)
    command = [
        binaries.program("initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Comparing is plain byte order, alike everywhere and fast; upper, lower and letters are Unicode's.
        "--locale=C",
        "--lc-ctype=C.UTF-8",
        "--data-checksums",
        *(() if durable else ("--no-sync",)),
    ]
    try:
        made = subprocess.run(  # noqa: S603 -- the installation's own program
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=place,
            env=clean_environment(),
            **credentials(account),
        )
    finally:
        password_file.unlink()
    if made.returncode != 0:
        raise ServerError(f"initdb failed:\n{made.stdout}{made.stderr}".rstrip())
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write(f"include '{postgres_settings.NAME}'\n")
    # Only a whole cluster ever has the name: a death before this line leaves nothing to start from.
    unfinished.rename(data_directory(place))


def write_settings(place: Path, port: int, extra: Mapping[str, str]) -> None:
    """The cluster's next start uses the port and the settings."""
    file = data_directory(place) / postgres_settings.NAME
    file.write_text(postgres_settings.settings_file(port, extra))
    file.chmod(0o644)


def running_pid(place: Path) -> int | None:
    """The process that serves the cluster, whoever started it; None when nobody does."""
    lines = _pid_file(place)
    if not lines:
        return None
    pid = int(lines[_PID_LINE])
    serves = str(data_directory(place)) in processes.command_line(pid) and processes.alive(pid)
    return pid if serves else None


def forget_reused_pid(place: Path) -> None:
    """A pid file is gone whose number belongs to an unrelated process by now; PostgreSQL would refuse to start."""
    lines = _pid_file(place)
    if lines and processes.alive(int(lines[_PID_LINE])) and running_pid(place) is None:
        (data_directory(place) / "postmaster.pid").unlink()


def is_ready(place: Path, pid: int) -> bool:
    """Whether the process has told in its pid file that it accepts connections."""
    lines = _pid_file(place)
    return len(lines) > _STATUS_LINE and lines[_PID_LINE] == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def running_port(place: Path) -> int:
    """The port of the running server."""
    return int(_pid_file(place)[_PORT_LINE])


def _pid_file(place: Path) -> list[str]:
    try:
        return (data_directory(place) / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def clean_environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs: no PG… variable of the caller reaches them."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
