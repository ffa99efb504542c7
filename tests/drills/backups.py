"""Ways to back up a PostgreSQL server with its log of transactions, and to restore it to a moment."""

import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from deploy.servers import cluster
from deploy.servers.account import Account, account_for, credentials
from deploy.servers.binaries import Binaries, find_binaries
from deploy.servers.directory import ServerDirectory, free_port
from deploy.servers.place import find_place, make_place
from deploy.servers.postgres import EmbeddedPostgres

DEBIAN_MAJOR = 15
"""The newest PostgreSQL that Debian 12's pgBackRest knows."""


class Unfit(Exception):
    """This machine lacks what a way to back up needs; the text says what."""


class Backups(ABC):
    """Backups of the server of a directory, beside it, made with the server's own account."""

    name: str

    def __init__(self, directory: Path, archive_timeout_s: int) -> None:
        self.directory = directory
        self.kept = directory.with_name(f"{directory.name}-backups")
        directory.mkdir(parents=True)
        self.account: Account | None = account_for(find_place(directory))
        self.place = make_place(directory, self.account)
        self.folder(self.kept)
        self._archive_timeout_s = archive_timeout_s

    @property
    def data(self) -> Path:
        """Where the server's data is."""
        return cluster.data_directory(self.place)

    @property
    def settings(self) -> Mapping[str, str]:
        """Settings of a server that is backed up."""
        return {
            "wal_level": "replica",
            "max_wal_senders": "4",
            "archive_mode": "on",
            "archive_command": self.archive_command,
            "archive_timeout": f"{self._archive_timeout_s}s",
        }

    @property
    @abstractmethod
    def archive_command(self) -> str:
        """What keeps a finished file of the log."""

    @abstractmethod
    def back_up(self, server: EmbeddedPostgres) -> None:
        """All that is in the server is kept."""

    @abstractmethod
    def restore(self, to: datetime) -> Mapping[str, str]:
        """The data is there again; a server started on it with these settings goes on as of the moment."""

    def destroy(self) -> None:
        """Nothing of the data is left."""
        shutil.rmtree(self.data)

    def folder(self, path: Path) -> Path:
        """Return a folder of the server's account, made."""
        path.mkdir(mode=0o700)
        self.own(path)
        return path

    def own(self, path: Path) -> None:
        """The path is the server's account's."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def run(self, *command: str, password: str = "") -> None:
        """Run a program as the server's account. Raises RuntimeError with what it said where it fails."""
        done = subprocess.run(  # noqa: S603 -- programs of backups, with words of the drill's own
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.kept,
            env={**cluster.clean_environment(), "PGPASSWORD": password},
            **credentials(self.account),
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    @staticmethod
    def password(server: EmbeddedPostgres) -> str:
        """Return the password of the server's administrator."""
        return urlsplit(server.url).password or ""


class Files(Backups):
    """A copy by pg_basebackup and a folder of the log's files: what PostgreSQL itself has."""

    name = "pg_basebackup"

    def __init__(self, directory: Path, archive_timeout_s: int) -> None:
        super().__init__(directory, archive_timeout_s)
        self._log = self.folder(self.kept / "log")

    @property
    def archive_command(self) -> str:
        """Copies a file under another name first, so that none is ever half there."""
        kept = f"{self._log}/%f"
        return f"test ! -f {kept} && cp %p {kept}.new && sync {kept}.new && mv {kept}.new {kept}"

    def back_up(self, server: EmbeddedPostgres) -> None:
        """A copy of the data is there, with the log that it needs to be whole."""
        binaries = find_binaries(cluster.major_version(self.place)).reachable_by(self.account, self.place)
        where = ["--host=127.0.0.1", f"--port={server.port}", f"--username={cluster.SUPERUSER}"]
        copy = f"--pgdata={self.kept / 'base'}"
        self.run(binaries.program("pg_basebackup"), copy, "--checkpoint=fast", *where, password=self.password(server))

    def restore(self, to: datetime) -> Mapping[str, str]:
        """The copy is in the place of the data."""
        self.run("cp", "-a", str(self.kept / "base"), str(self.data))
        (self.data / "recovery.signal").touch()
        self.own(self.data / "recovery.signal")
        return {
            "restore_command": f"cp {self._log}/%f %p",
            "recovery_target_time": to.astimezone(UTC).isoformat(sep=" "),
            "recovery_target_action": "promote",
        }


class PgBackRest(Backups):
    """Debian's pgBackRest, with a repository of its own, on Debian's PostgreSQL."""

    name = "pgBackRest"
    stanza = "drill"

    def __init__(self, directory: Path, archive_timeout_s: int) -> None:
        program = shutil.which("pgbackrest")
        if program is None:
            raise Unfit("pgBackRest is not installed: install Debian's package pgbackrest.")
        programs = Path(f"/usr/lib/postgresql/{DEBIAN_MAJOR}/bin")
        if not programs.exists():
            raise Unfit(f"pgBackRest knows PostgreSQL {DEBIAN_MAJOR}: install the package postgresql-{DEBIAN_MAJOR}.")
        super().__init__(directory, archive_timeout_s)
        self._program = program
        self._configuration = self.kept / "pgbackrest.conf"
        password = ServerDirectory(directory).secret()
        cluster.make_cluster(self.place, Binaries(programs, DEBIAN_MAJOR), self.account, password, durable=True)
        for name in ("repository", "log", "lock", "spool"):
            self.folder(self.kept / name)
        port = free_port()
        (directory / "port").write_text(str(port))  # where the server remembers it
        self._configuration.write_text(
            f"[global]\nrepo1-path={self.kept}/repository\nrepo1-retention-full=2\nlog-path={self.kept}/log\n"
            f"lock-path={self.kept}/lock\nspool-path={self.kept}/spool\nlog-level-console=warn\nstart-fast=y\n"
            f"compress-type=zst\n\n[{self.stanza}]\npg1-path={self.data}\npg1-port={port}\n"
            f"pg1-socket-path={self.place}\npg1-user={cluster.SUPERUSER}\npg1-database=postgres\n"
        )
        self.own(self._configuration)

    @property
    def settings(self) -> Mapping[str, str]:
        """It speaks to the server over a socket."""
        return {**super().settings, "unix_socket_directories": str(self.place)}

    @property
    def archive_command(self) -> str:
        """Pushes a file of the log into the repository."""
        return f"{' '.join(self._words('archive-push'))} %p"

    def back_up(self, server: EmbeddedPostgres) -> None:
        """A full backup is in the repository, and it is known to be whole."""
        for command in ("stanza-create", "check", "backup"):
            self.run(*self._words(command), password=self.password(server))

    def restore(self, to: datetime) -> Mapping[str, str]:
        """The backup is in the place of the data; pgBackRest itself tells the server where the log is."""
        self.folder(self.data)
        target = f"--target={to.astimezone(UTC).isoformat(sep=' ')}"
        self.run(*self._words("restore"), "--type=time", target, "--target-action=promote")
        return {}

    def _words(self, command: str) -> list[str]:
        return [self._program, f"--config={self._configuration}", f"--stanza={self.stanza}", command]


WAYS: Mapping[str, type[Backups]] = {"files": Files, "pgbackrest": PgBackRest}
