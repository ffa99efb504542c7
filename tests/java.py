"""Java programs that tests run: compiled with Debian's packages of RabbitMQ's client and of Jackson."""

import os
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest

from tests.lacking import lacking
from tests.servers import DIRECTORY, once

PACKAGES = ("default-jdk-headless", "librabbitmq-client-java", "libjackson2-databind-java", "libslf4j-java")
"""What Debian calls what is needed; `.ci/run` installs it."""
JARS = tuple(
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("amqp-client", "jackson-databind", "jackson-core", "jackson-annotations", "slf4j-api")
)
COMPILE_TIMEOUT_S = 100.0


def compiled(source: Path) -> list[str]:
    """Compile a program of one file, once in a run; return the command that runs it, to be given its arguments.

    Skips the test where Java or its libraries are missing, except in CI, where that is a failure. A warning of the
    compiler is a failure, too.
    """
    java, javac = which("java"), which("javac")
    missing = [str(path) for path in JARS if not path.exists()]
    if java is None or javac is None or missing:
        reason = f"Java clients cannot be tried: install {', '.join(PACKAGES)}."
        lacking(reason)
    folder = Path(os.environ[DIRECTORY]) / f"java-{sha256(os.fsencode(source.resolve())).hexdigest()[:16]}"
    path = os.pathsep.join(map(str, (folder, *JARS)))
    with once(
        folder.name,
        lambda: _compile([javac, "-Xlint:all,-path", "-Werror", "-cp", path, "-d", str(folder), str(source)]),
    ):
        return [java, "-XX:TieredStopAtLevel=1", "-cp", path, source.stem]


def _compile(command: list[str]) -> None:
    """Run the compiler; its own words are the reason where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_TIMEOUT_S, check=False)  # noqa: S603 -- the compiler and the tests' own files
    if done.returncode:
        pytest.fail(f"{command[-1]} cannot be compiled:\n{done.stdout}{done.stderr}")
