"""Measures this service beside the limit and its peers: `make bench`, with arguments in BENCH="…"."""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import equality, growth, load, report
from tests.benchmarks.contenders import CONTENDERS, Contender, install_node_peers, running
from tests.benchmarks.database import Prepared, prepared
from tests.benchmarks.figures import Figures
from tests.benchmarks.measure import Bench, Plan
from tests.benchmarks.questions import QUESTIONS, Question

CONNECTIONS = (1, 8, 32)


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of load for each contender, question and connections")
    parser.add_argument("--connections", type=int, nargs="+", default=list(CONNECTIONS))
    parser.add_argument("--only", nargs="+", metavar="Q", choices=[one.name for one in QUESTIONS], help="questions")
    parser.add_argument("--contenders", nargs="+", metavar="NAME", choices=[one.name for one in CONTENDERS])
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    parser.add_argument("--scale", type=int, help="measure growth from scale 1 to this scale instead")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where databases stay for the next run")
    found = parser.parse_args(given)
    if found.quick:
        found.rounds, found.seconds = 1, 1
    return found


def chosen(asked: argparse.Namespace) -> tuple[list[Contender], list[Question]]:
    """Return who and what takes part; contenders that cannot are named."""
    contenders = [one for one in CONTENDERS if asked.contenders is None or one.name in asked.contenders]
    if any(one.node for one in contenders) and (reason := install_node_peers()):
        say(f"Without the peers on Node: {reason}.")
        contenders = [one for one in contenders if not one.node]
    return contenders, [one for one in QUESTIONS if asked.only is None or one.name in asked.only]


def machine(database: Prepared) -> str:
    """Return what was measured on."""
    return (
        f"Measured on {os.cpu_count()} cores ({platform.machine()}, Linux), PostgreSQL {database.version}, "
        f"Python {platform.python_version()}"
    )


def compare(asked: argparse.Namespace, directory: Path) -> None:
    """Measure the contenders and write the page, if nothing was left out."""
    contenders, questions = chosen(asked)
    plan = Plan(asked.rounds, asked.seconds, asked.connections)
    with ExitStack() as stack:
        database = stack.enter_context(prepared(1, asked.keep, say))
        started = stack.enter_context(running(contenders, database.url, directory))
        sizes = {question.name: equality.check(started, question) for question in questions}
        say("All contenders give the same answers; warming up.")
        bench = Bench(started, database, directory)
        bench.warm(questions)
        figures = Figures(bench.measure(questions, plan, sizes, say))
    text = report.Report(figures, questions, contenders, plan.connections, sizes).text()
    text = f"{machine(database)}; {plan.rounds} rounds of {plan.seconds} s.\n\n{text}"
    say(text)
    whole = len(contenders) == len(CONTENDERS) and len(questions) == len(QUESTIONS) and not asked.quick
    if whole and tuple(plan.connections) == CONNECTIONS:
        report.write("comparison", text)


def grow(asked: argparse.Namespace, directory: Path) -> None:
    """Measure latencies at scale 1 and at the scale asked for, and write the page."""
    text = growth.measure([1, asked.scale], asked.rounds, asked.seconds, asked.keep, directory, say)
    say(text)
    if not asked.quick:
        report.write("growth", text)


def main() -> None:
    """Run what the command line asks for."""
    asked = arguments()
    load.install()
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as directory:
        if asked.scale is None:
            compare(asked, Path(directory))
        else:
            grow(asked, Path(directory))


if __name__ == "__main__":
    main()
