"""What the database's row policies cost a read: the service with its roles beside the same as a superuser, in one run.

Run: make bench-policies, with arguments in BENCH="…"
"""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import equality, load
from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.contenders import SERVICE, Contender, Running, running
from tests.benchmarks.database import prepared
from tests.benchmarks.figures import Figures, Spread
from tests.benchmarks.measure import Bench, Plan
from tests.benchmarks.questions import QUESTIONS, Question
from tests.tables import table

ROLES = {"anybody": None, "auditor": "AUDITOR"}
"""Who asks: whom no rights are told of, and who sees everything of the province, for which the rights are verified."""
CONTENDERS = [
    replace(SERVICE, name=f"{who} {way}", title=f"{who} {way}", role=role, owns=way == "without")
    for who, role in ROLES.items()
    for way in ("with", "without")
]
MOST = 0.15
"""How much a question may cost more with policies."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench-policies", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each question, caller and way")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", nargs="+", metavar="Q", choices=[one.name for one in QUESTIONS], help="questions")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the database stays for the next run")
    return parser.parse_args(given)


def alike(started: Sequence[Running], question: Question) -> dict[str, int]:
    """Return the size of each answer in bytes. Raises AnswersDiffer unless policies change nothing for anybody."""
    sizes: dict[str, int] = {}
    for role in ROLES.values():
        sizes |= equality.check([one for one in started if one.contender.role == role], question)
    return sizes


def cost(figures: Figures, who: str, question: str, connections: int) -> Spread | None:
    """Return what share of its processor time an answer takes more with policies, round by round."""
    ratio = figures.ratio(f"{who} with", f"{who} without", question, connections, "processor_us")
    return None if ratio is None else Spread(ratio.median - 1, ratio.least - 1, ratio.most - 1)


def told(spread: Spread | None) -> str:
    """Return a cost in words."""
    return "–" if spread is None else f"{spread.median:+.0%} ({spread.least:+.0%} to {spread.most:+.0%})"


def measure(asked: argparse.Namespace, contenders: Sequence[Contender], directory: Path) -> bool:
    """Print what each question costs; tell whether none costs more than it may."""
    questions = [one for one in QUESTIONS if asked.only is None or one.name in asked.only]
    plan = Plan(asked.rounds, asked.seconds, [asked.connections])
    with ExitStack() as stack:
        database = stack.enter_context(prepared(1, asked.keep, say))
        started = stack.enter_context(running(contenders, database.url, directory))
        sizes = {question.name: alike(started, question) for question in questions}
        bench = Bench(started, database, directory)
        bench.warm(questions)
        figures = Figures(bench.measure(questions, plan, sizes, say))
    costs = {
        question.name: [cost(figures, who, question.name, asked.connections) for who in ROLES] for question in questions
    }
    say(f"{machine(database)}; {plan.rounds} rounds of {plan.seconds} s at {asked.connections} connections.\n")
    say(
        "What row policies add to the processor time of an answer, medians with the least and the most of the rounds:\n"
    )
    say(table(["", *ROLES], [[name, *map(told, found)] for name, found in costs.items()]))
    return all(one is not None and one.median <= MOST for found in costs.values() for one in found)


def main() -> None:
    """Run what the command line asks for; where a question costs more than it may, that is a failure."""
    asked = arguments()
    load.install()
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as directory:
        if not measure(asked, CONTENDERS, Path(directory)):
            raise SystemExit(f"A question costs more than {MOST:.0%}.")


if __name__ == "__main__":
    main()
