"""The tests with every pair of servers: `make matrix`, or `python -m tests.matrix --help`."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.matrix.system import Release, Unfit, release, seeing

SUITES = "bookworm,trixie,forky"
"""Debian 12 has PostgreSQL 15 and RabbitMQ 3.10, the oldest that are served; Debian 13 has PostgreSQL 17 and RabbitMQ
4.0; the release to come has what `docker-compose.yml` runs."""
TESTS = ("tests/integration", "tests/events", "tests/faults", "tests/migrations", "tests/live")
"""What asks most of servers."""


@dataclass
class Outcome:
    """What came of the tests with one pair."""

    postgres: str
    rabbitmq: str
    seconds: float
    passed: int
    failed: list[str]
    skipped: int

    @property
    def row(self) -> str:
        """A line of the table."""
        counts = f"{self.passed} | {len(self.failed)} | {self.skipped} | {self.seconds:.0f}"
        return f"| {self.postgres} | {self.rabbitmq} | {counts} |"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("tests", nargs="*", default=TESTS, help=f"folders or files, {' '.join(TESTS)} unless told")
    parser.add_argument("--postgres", default=SUITES, help=f"releases of Debian, by commas: {SUITES}")
    parser.add_argument("--rabbitmq", default=SUITES, help="as well")
    parser.add_argument("--workers", type=int, default=3, help="processes of pytest")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "shangliang-servers"),
                        help="where servers are kept")  # fmt: skip
    return parser.parse_args()


def played(postgres: Release, rabbitmq: Release, tests: Sequence[str], workers: int) -> Outcome:
    """Run the tests with a pair of servers; return what came of them. Raises Unfit where they did not run."""
    with tempfile.TemporaryDirectory(prefix="shangliang-matrix-") as directory:
        report = Path(directory, "report.xml")
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        spread = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
        began = time.monotonic()
        status = subprocess.run([*seeing(postgres, rabbitmq), *pytest, *spread, *tests], check=False).returncode  # noqa: S603 -- as composed above
        seconds = time.monotonic() - began
        if not report.exists():
            raise Unfit(f"pytest ended with {status} and has told nothing")
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 -- pytest's own
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    names = sorted({f"{case.get('classname')}::{case.get('name')}" for case in failed})
    passed = len(cases) - len(failed) - len(skipped)
    return Outcome(postgres.postgres, rabbitmq.rabbitmq, seconds, passed, names, len(skipped))


def main() -> int:
    asked = arguments()
    try:
        wanted = {suite: release(suite, asked.cache) for suite in f"{asked.postgres},{asked.rabbitmq}".split(",")}
        outcomes = []
        for postgres, rabbitmq in product(asked.postgres.split(","), asked.rabbitmq.split(",")):
            outcomes.append(played(wanted[postgres], wanted[rabbitmq], asked.tests, asked.workers))
            print(outcomes[-1].row, flush=True)
    except Unfit as error:
        sys.exit(f"The servers of other releases: {error}.")
    print("\n| PostgreSQL | RabbitMQ | passed | failed | skipped | seconds |\n|---|---|--:|--:|--:|--:|")
    for outcome in outcomes:
        print(outcome.row)
    for outcome in outcomes:
        for name in outcome.failed:
            print(f"PostgreSQL {outcome.postgres}, RabbitMQ {outcome.rabbitmq}: {name}")
    return int(any(outcome.failed or not outcome.passed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
