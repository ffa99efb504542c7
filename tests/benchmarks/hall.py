"""What the hall's first page costs this service: all that it asks, beside Q1, in one run.

Run: make bench-hall, with arguments in BENCH="…"
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from graph.console import DOCUMENTS
from tests.benchmarks import equality, load, postgraphile
from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.contenders import SERVICE, running
from tests.benchmarks.database import prepared
from tests.benchmarks.figures import Figures, Spread
from tests.benchmarks.measure import Bench, Plan
from tests.benchmarks.questions import QUESTIONS, Question, Target
from tests.tables import table

ASKED = "Province"
"""The one operation of the page."""
MONTHS = {"from": "2022-07-01", "until": "2024-07-01"}
(TEXT,) = (each["body"] for each in json.loads(DOCUMENTS.read_text())["operations"] if each["name"] == ASKED)
HALL = Question(
    "Hall",
    "all that the hall asks for the province",
    TEXT,
    {"code": "14", "asOf": None, "beside": False, "months": MONTHS},
    "",  # no other contender is asked
    postgraphile.renamed,
    Target({}, {}),
)
ASKS = (QUESTIONS[0], HALL)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench-hall", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each question and number of connections")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the database stays for the next run")
    return parser.parse_args(given)


def told(spread: Spread | None) -> str:
    """Return a figure in words."""
    return "–" if spread is None else f"{spread.median:,.0f} ({spread.least:,.0f}–{spread.most:,.0f})"


def measure(asked: argparse.Namespace, directory: Path) -> None:
    """Print what each question costs."""
    plan = Plan(asked.rounds, asked.seconds, asked.connections)
    with ExitStack() as stack:
        database = stack.enter_context(prepared(1, asked.keep, say))
        started = stack.enter_context(running([SERVICE], database.url, directory))
        sizes = {question.name: equality.check(started, question) for question in ASKS}
        bench = Bench(started, database, directory)
        bench.warm(ASKS)
        figures = Figures(bench.measure(ASKS, plan, sizes, say))
    say(f"{machine(database)}; {plan.rounds} rounds of {plan.seconds} s.\n")
    say("Medians with the least and the most of the rounds; µs of processor time for a request:\n")
    head = ["", "connections", "answer", "requests per second", "service", "PostgreSQL"]
    rows = [
        [
            question.name,
            f"{connections}",
            f"{sizes[question.name][SERVICE.name]:,} bytes",
            *(
                told(figures.spread(SERVICE.name, question.name, connections, name))
                for name in ("per_second", "process_us", "database_us")
            ),
        ]
        for question in ASKS
        for connections in plan.connections
    ]
    say(table(head, rows))


def main() -> None:
    """Run what the command line asks for."""
    asked = arguments()
    load.install()
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as directory:
        measure(asked, Path(directory))


if __name__ == "__main__":
    main()
