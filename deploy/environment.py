"""Makes the project's environment in .venv from requirements.lock, with nothing but Python's standard library.

Run by the Makefile with the system's Python. Safe to repeat, and from two terminals at once: a stamp of what the
environment is made from makes a second run return at once.
"""

import configparser
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.servers import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "shangliang.stamp"
OLDEST = (3, 11)
SHARED = (Path("/etc/pip.conf"),)
SOURCES = ("cert", "client-cert", "extra-index-url", "find-links", "index-url", "no-index", "proxy", "trusted-host")
"""Settings of pip that say where packages come from and whom to trust; uv reads none of them."""


def say(message: str) -> None:
    """Print one line of progress at once."""
    print(f"[environment] {message}", flush=True)  # noqa: T201 -- runs before any logging exists


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time make the environment; the lock is the kernel's, on the project's directory."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is making .venv; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def wanted_stamp() -> str:
    """Digest of what the environment is made from; it works only where it was made, so the place counts."""
    digest = hashlib.sha256(sys.version.encode() + os.fsencode(VENV))
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(*command: str) -> None:
    """Run one command with its output shown; raises CalledProcessError when it fails."""
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 -- fixed commands of this module


def make_with_uv(uv: str) -> bool:
    """Create and fill .venv with uv; False when uv cannot."""
    python = str(VENV / "bin" / "python")
    try:
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        run(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", "requirements.lock")
        run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation", "-e", ".")
    except (subprocess.CalledProcessError, OSError):
        return False
    return True


def make_with_pip() -> None:
    """Create and fill .venv with the standard library's venv and pip; Debian packs ensurepip apart."""
    try:
        import ensurepip  # noqa: F401, PLC0415 -- its absence is what is asked
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not debian.install(package):
            sys.exit(f"Python's venv module needs the package {package}: install it, then run this again.")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))
    pip = (str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", "requirements.lock")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")


def pip_has_sources() -> bool:
    """Whether pip is told, by variables or by its files, where packages come from or whom to trust."""
    if any(f"PIP_{name.replace('-', '_').upper()}" in os.environ for name in SOURCES):
        return True
    home = Path.home()
    shared = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path(place) / "pip" / "pip.conf" for place in [*shared.split(":"), str(own)]]
    files += [*SHARED, home / ".pip" / "pip.conf", Path(os.environ.get("PIP_CONFIG_FILE", os.devnull))]
    parser = configparser.RawConfigParser(strict=False)
    for file in files:
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):  # pip will say so
            return True
    return any(parser.has_option(section, name) for section in ("global", "install") for name in SOURCES)


def make() -> None:
    """Fill .venv: with uv where it is, with pip where it is not, cannot, or lacks what pip is told."""
    uv = None if pip_has_sources() else shutil.which("uv")
    if uv:
        say("making .venv from requirements.lock with uv")
        if make_with_uv(uv):
            return
        say("uv could not, for the reason above")
    say("making .venv from requirements.lock with venv and pip; it takes a minute or two")
    try:
        make_with_pip()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f".venv could not be made: {error.cmd[2]} ended with status {error.returncode}, for the reason above. "
            "Where packages come from another place than usual, or behind a proxy, pip has to be told (pip.conf)."
        )


def main() -> None:
    """Leave a .venv that holds exactly what the lock names and this project in editable form."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}.")
    with alone():
        stamp = wanted_stamp()
        if STAMP.exists() and STAMP.read_text() == stamp:
            return
        make()
        STAMP.write_text(stamp)
        say("ready")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
