"""Load from a process of its own: wrk."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.servers import debian

SCRIPT = Path(__file__).with_name("post.lua")
MARK = "counted "


class LoadFailed(Exception):
    """A run whose figures would not be of right answers."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk counted. Times in microseconds."""

    requests: int
    duration_us: int
    bytes: int
    refused: int
    broken: int
    p50_us: int

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.requests * 1e6 / self.duration_us


def install() -> None:
    """Leave wrk installed. Raises LoadFailed when it is not and cannot be."""
    if shutil.which("wrk") is None and not debian.install("wrk"):
        raise LoadFailed("The benchmark needs wrk: install the package wrk.")


def post(url: str, body: Path, *, connections: int, seconds: float, authorization: str | None = None) -> Load:
    """Post a body over and over, with a header that shows a role where one is given.

    Raises LoadFailed for any answer but 2xx and any broken connection.
    """
    duration = f"{max(1, round(seconds))}s"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{duration}", "--timeout", "120s", "-s", str(SCRIPT), url]
    given = [str(body)] if authorization is None else [str(body), authorization]
    done = subprocess.run(  # noqa: S603 -- fixed command
        [*command, "--", *given], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LoadFailed(f"wrk: {done.stdout}{done.stderr}")
    return counted(done.stdout)


def counted(output: str) -> Load:
    """Return what wrk's script printed. Raises LoadFailed where the run had errors or printed nothing."""
    line = next((line for line in output.splitlines() if line.startswith(MARK)), None)
    if line is None:
        raise LoadFailed(f"wrk counted nothing:\n{output}")
    load = Load(**json.loads(line.removeprefix(MARK)))
    if load.refused or load.broken:
        raise LoadFailed(f"{load.refused} answers were not 2xx, {load.broken} connections broke.")
    return load
