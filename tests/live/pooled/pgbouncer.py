"""PgBouncer of this machine or, where that is missing or too old, of a later Debian, whose packages are unpacked.

`python3 -m tests.live.pooled.pgbouncer` unpacks them, for tests to find them.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.matrix.system import Unfit, unpack

OLDEST = (1, 21)
"""From which on it knows what the protocol's messages prepare."""
SUITE = "trixie"
KEPT = Path(tempfile.gettempdir(), "shangliang-servers", "pgbouncer")


def pgbouncer() -> list[str] | None:
    """Return the words of a command line that run it; None where there is none that is new enough."""
    installed = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    for words in ([installed] if installed else [], unpacked(KEPT)):
        if words and version(words) >= OLDEST:
            return words
    return None


def unpacked(path: Path) -> list[str]:
    """Return the words that run what was unpacked under a path, by the loader and the libraries of its own release."""
    root = path / "root"
    programs = [*root.glob("usr/lib*/ld-linux-*.so.*"), *root.glob("usr/lib/ld-linux-*.so.*")]
    libraries = [one.parent for one in root.glob("usr/lib/*/libc.so.6")]
    if not (programs and libraries):
        return []
    return [str(programs[0]), "--library-path", str(libraries[0]), str(root / "usr/sbin/pgbouncer")]


def version(words: list[str]) -> tuple[int, int]:
    """Return its version, as (1, 24)."""
    said = subprocess.run([*words, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 -- found above
    found = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def main() -> None:
    """Unpack it where there is none."""
    if pgbouncer() is None:
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
        try:
            unpack(SUITE, KEPT, ("pgbouncer",))
        except Unfit as error:
            sys.exit(f"PgBouncer of Debian's {SUITE}: {error}.")
    if pgbouncer() is None:
        sys.exit(f"PgBouncer of Debian's {SUITE} does not run here.")


if __name__ == "__main__":
    main()
