"""npm packages that tests run: those that a folder's package.json pins, installed beside it once."""

import fcntl
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest

from tests.lacking import lacking

INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
INSTALL_TIMEOUT_S = 300.0


def installed(folder: Path) -> str:
    """Hold that the folder's node_modules has what its package.json pins; return the path of node.

    Workers of a run install one after another, and only where package.json changed since. Skips the test where
    Node.js or npm is missing, except in CI, where that is a failure.
    """
    node, npm = which("node"), which("npm")
    if node is None or npm is None:
        reason = "Node.js with npm is not installed: the published JavaScript clients cannot be tried."
        lacking(reason)
    with (folder / "package.json").open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_EX)
        marker = folder / "node_modules" / f".installed-{sha256(manifest.read()).hexdigest()[:16]}"
        if not marker.exists():
            _install(npm, folder)
            marker.touch()
    return node


def _install(npm: str, folder: Path) -> None:
    """Run npm; its own words are the reason where it fails."""
    done = subprocess.run(  # noqa: S603 -- npm and its fixed arguments
        [npm, *INSTALL], cwd=folder, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
    )
    if done.returncode:
        pytest.fail(f"npm could not install what {folder / 'package.json'} names:\n{done.stderr}")
