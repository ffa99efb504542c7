"""How this service's verbs grow from the province to a province many times as large, side by side.

`python -m tests.benchmarks.writes.growth --keep DIRECTORY`; what is seeded stays there for the next run.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from statistics import median

from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.database import prepared
from tests.benchmarks.figures import Spread
from tests.benchmarks.report import spread_text
from tests.benchmarks.writes.contenders import SERVICE, writing
from tests.benchmarks.writes.ground import token
from tests.benchmarks.writes.measure import SETTINGS, Bench, Plan, WriteRun
from tests.benchmarks.writes.verbs import VERBS, Verb
from tests.tables import table

MOST = 1.3
"""The target: at most so many times what a verb takes at scale 1."""


def measure(benches: dict[int, Bench], verbs: Sequence[Verb], connections: Sequence[int], plan: Plan) -> str:
    """Return the table of verbs at each scale; within a round a verb has its turn at one scale after the other."""
    found: dict[tuple[str, int, int], list[WriteRun]] = defaultdict(list)
    for bench in benches.values():
        bench.warm(verbs)
    for number in range(1, plan.rounds + 1):
        say(f"round {number} of {plan.rounds}")
        for verb, writers in product(verbs, connections):
            for scale in sorted(benches, reverse=number % 2 == 0):
                (run,) = benches[scale].measure([verb], Plan(1, plan.seconds, [writers], plan.settings), lambda _: None)
                found[verb.name, writers, scale].append(run)
    first, last = min(benches), max(benches)
    rows = []
    for verb, writers in product(verbs, connections):
        small, large = found[verb.name, writers, first], found[verb.name, writers, last]
        cells = [f"{median(run.p50_us for run in runs) / 1000:.2f} ms" for runs in (small, large)]
        database = [f"{median(run.database_us for run in runs):,.0f} µs" for runs in (small, large)]
        ratios = [
            spread_text(Spread.of(getattr(b, name) / getattr(a, name) for a, b in zip(small, large, strict=True)))
            for name in ("p50_us", "database_us")
        ]
        rows.append([verb.name, str(writers), *cells, ratios[0], *database, ratios[1]])
    scales = [f"scale {scale}" for scale in (first, last)]
    head = ["verb", "connections", *scales, f"growth, target at most {MOST}", *(f"PostgreSQL, {one}" for one in scales)]
    return table([*head, "growth"], rows)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writes.growth", description=__doc__)
    parser.add_argument("--scale", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--only", nargs="+", choices=[one.name for one in VERBS])
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the provinces stay for the next run")
    asked = parser.parse_args()
    verbs = [one for one in VERBS if asked.only is None or one.name in asked.only]
    with ExitStack() as stack:
        benches = dict[int, Bench]()
        for scale in (1, asked.scale):
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shangliang-bench-")))
            database = stack.enter_context(prepared(scale, asked.keep, say))
            key = directory / "key.pem"
            bearer = token(key)
            writer = stack.enter_context(writing(SERVICE, database, directory, key))
            benches[scale] = Bench([writer], database, directory, bearer)
        say(f"{machine(database)}; {asked.rounds} rounds of {asked.seconds:g} s.")
        plan = Plan(asked.rounds, asked.seconds, asked.connections, SETTINGS[:1])
        say(measure(benches, verbs, asked.connections, plan))


if __name__ == "__main__":
    main()
