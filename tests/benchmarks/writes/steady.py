"""This service at a steady pace: so many verbs a second beside so many reads of a topic, on one machine.

`python -m tests.benchmarks.writes.steady`; `--help` names what may be set. Verbs are raise, schedule, record and
resolve in turn, spread over the province. Times count from when a request was due, waiting included.
"""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.database import prepared
from tests.benchmarks.writes.contenders import SERVICE, writing
from tests.benchmarks.writes.ground import token
from tests.benchmarks.writes.measure import Bench
from tests.benchmarks.writes.verbs import VERBS, Task
from tests.tables import table

WARM_S = 5.0
MOST_MS = 50
"""The target of the verbs' 99th percentile."""


def paces(verbs: float, reads: float) -> Sequence[tuple[float, float]]:
    """Return what is measured: reads alone, verbs alone, and both."""
    return [(0.0, reads), (verbs, 0.0), (verbs, reads)]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writes.steady", description=__doc__)
    parser.add_argument("--verbs", type=float, default=100, help="a second")
    parser.add_argument("--reads", type=float, default=1_000, help="a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the province stays for the next run")
    asked = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shangliang-bench-")))
        database = stack.enter_context(prepared(1, asked.keep, say))
        key = directory / "key.pem"
        bearer = token(key)
        writer = stack.enter_context(writing(SERVICE, database, directory, key))
        bench, verbs = Bench([writer], database, directory, bearer), [one for one in VERBS if one.requests == 1]

        def tasks(seconds: float) -> list[Task]:
            each = max(1, round(asked.verbs * seconds / len(verbs)) + 1)
            return list(chain(*zip(*(bench.prepare(writer, verb, each, spread=True) for verb in verbs), strict=True)))

        def measured(seconds: float, verbs_per_s: float, reads_per_s: float) -> list[str]:
            job = bench.job(writer, tasks(seconds) if verbs_per_s else [], asked.connections, seconds)
            before = bench.used(writer)
            counted = bench.run(writer, replace(job, verbs_per_s=verbs_per_s, reads_per_s=reads_per_s))
            spent = [(later - earlier) / seconds for earlier, later in zip(before, bench.used(writer), strict=True)]
            return [
                f"{counted.verbs / seconds:.0f} / {counted.reads / seconds:.0f}",
                f"{counted.p50_us / 1000:.1f} ({counted.p99_us / 1000:.1f})" if counted.verbs else "–",
                f"{counted.reads_p50_us / 1000:.2f} ({counted.reads_p99_us / 1000:.1f})" if counted.reads else "–",
                " / ".join(f"{one / 1e6:.2f}" for one in spent),
            ]

        measured(WARM_S, asked.verbs, asked.reads)
        rows = [measured(asked.seconds, *pace) for pace in paces(asked.verbs, asked.reads)]
        say(f"{machine(database)}; {asked.seconds:g} s each, up to {asked.connections} connections.\n")
        head = [
            "verbs / reads a second",
            f"verbs p50 (p99), ms, at most {MOST_MS} wanted",
            "reads p50 (p99), ms",
            "cores of the process / of PostgreSQL",
        ]
        say(table(head, rows))


if __name__ == "__main__":
    main()
