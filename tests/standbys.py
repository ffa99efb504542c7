"""Standbys of a PostgreSQL server of this machine, which follow it by streaming replication."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from deploy.servers import cluster
from deploy.servers.account import account_for, credentials
from deploy.servers.binaries import find_binaries
from deploy.servers.directory import write_private
from deploy.servers.place import find_place, make_place
from deploy.servers.postgres import EmbeddedPostgres


def standby_of(primary_url: str, name: str, directory: Path, settings: Mapping[str, str]) -> EmbeddedPostgres:
    """Start a standby of a server in a new directory; the server calls it by a name."""
    directory.mkdir(parents=True)
    account = account_for(find_place(directory))
    place = make_place(directory, account)
    write_private(directory / "password", str(urlsplit(primary_url).password))
    program = find_binaries().reachable_by(account, place).program("pg_basebackup")
    subprocess.run(  # noqa: S603 -- the installation's own program
        [
            program, f"--pgdata={cluster.data_directory(place)}", "--checkpoint=fast", "--write-recovery-conf",
            "--no-sync", f"--dbname={primary_of(primary_url, name)}",
        ],
        check=True, cwd=place, env=cluster.clean_environment(), **credentials(account),
    )  # fmt: skip
    server = EmbeddedPostgres(directory, settings=settings)
    server.start()
    return server


def primary_of(primary_url: str, name: str) -> str:
    """Return by what a standby connects to its server."""
    source = urlsplit(primary_url)
    return (
        f"host=127.0.0.1 port={source.port} user={source.username} password={source.password} application_name={name}"
    )
