"""Makes the project's environment in .venv from requirements.lock, with nothing but Python's standard library.

Run by the Makefile with the system's Python. Safe to repeat: a stamp of the lock and of pyproject.toml makes
a second run return at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "shangliang.stamp"
OLDEST = (3, 11)


def say(message: str) -> None:
    """Print one line of progress at once."""
    print(f"[environment] {message}", flush=True)  # noqa: T201 -- runs before any logging exists


def wanted_stamp() -> str:
    """Digest of what the environment is made from."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(*command: str) -> None:
    """Run one command with its output shown; raises CalledProcessError when it fails."""
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 -- fixed commands of this module


def make_with_uv(uv: str) -> None:
    """Create and fill .venv with uv."""
    python = str(VENV / "bin" / "python")
    run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
    run(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", "requirements.lock")
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation", "-e", ".")


def make_with_pip() -> None:
    """Create and fill .venv with the standard library's venv and pip; Debian packs ensurepip apart."""
    try:
        import ensurepip  # noqa: F401, PLC0415 -- its absence is what is asked
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install_debian_package(package):
            sys.exit(f"Python's venv module needs the package {package}: install it, then run this again.")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))
    pip = (str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", "requirements.lock")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")


def can_install_debian_packages() -> bool:
    """Whether this is Debian or Ubuntu and the caller is root or may become it without a password."""
    return shutil.which("apt-get") is not None and _root_prefix() is not None


def install_debian_package(package: str) -> bool:
    """Install a package of Debian or Ubuntu, saying so; False when that cannot be done, or was tried in vain."""
    prefix = _root_prefix()
    if prefix is None or not can_install_debian_packages():
        return False
    say(f"installing the Debian package {package}")
    apt = (*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    # Old lists may still do; what counts is whether the package comes.
    subprocess.run((*apt, "update"), check=False)  # noqa: S603 -- fixed command
    done = subprocess.run((*apt, "install", "-y", "--no-install-recommends", package), check=False)  # noqa: S603 -- as above
    return done.returncode == 0


def _root_prefix() -> tuple[str, ...] | None:
    """What makes a command run as root: nothing for root, sudo where it asks for no password; None otherwise."""
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo is None or subprocess.run((sudo, "-n", "true"), capture_output=True, check=False).returncode != 0:  # noqa: S603 -- fixed command
        return None
    return (sudo, "-n")


def main() -> None:
    """Leave a .venv that holds exactly what the lock names and this project in editable form."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}.")
    stamp = wanted_stamp()
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    uv = shutil.which("uv")
    say(f"making .venv from requirements.lock with {'uv' if uv else 'venv and pip'}")
    if uv:
        make_with_uv(uv)
    else:
        make_with_pip()
    STAMP.write_text(stamp)
    say("ready")


if __name__ == "__main__":
    main()
