"""The benchmark's questions to this service over several databases, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks import usage
from tests.benchmarks.contenders import SERVICE, running
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.figures import Spread
from tests.benchmarks.load import post
from tests.benchmarks.questions import QUESTIONS, Question
from tests.benchmarks.report import number, spread_text
from tests.tables import table


def measure(
    databases: Mapping[str, Prepared], rounds: int, seconds: float, directory: Path, say: Say,
    *, questions: Sequence[Question] = QUESTIONS,
) -> str:  # fmt: skip
    """Return the table of latencies with one connection; within a round a question goes to each database in turn."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with ExitStack() as stack:
        services = {}
        for title, database in databases.items():
            own = directory / title.replace(" ", "-")
            own.mkdir()
            (services[title],) = stack.enter_context(running([SERVICE], database.url, own))
        for round_ in range(rounds + 1):
            say(f"round {round_} of {rounds}" if round_ else "warming up")
            for question in questions:
                for title, service in services.items():
                    body = directory / f"{question.name}.json"
                    body.write_bytes(service.body(question))
                    service.answer(question)
                    used = usage.used_us(databases[title].process)
                    load = post(service.url(question), body, connections=1, seconds=seconds)
                    used = usage.used_us(databases[title].process) - used
                    if round_:
                        found[question.name, title].append((load.p50_us / 1000, used / load.requests))
    first, *others = databases
    rows = []
    for question in questions:
        cells = [f"{number(median(one for one, _ in found[question.name, title]))} ms" for title in databases]
        costs = [f"{median(used for _, used in found[question.name, title]):,.0f}" for title in databases]
        ratios = [
            spread_text(
                Spread.of(
                    theirs / mine
                    for (mine, _), (theirs, _) in zip(
                        found[question.name, first], found[question.name, title], strict=True
                    )
                )
            )
            for title in others
        ]
        rows.append([question.name, *cells, *ratios, " / ".join(costs)])
    head = ["", *databases, *(f"{title}, times" for title in others), "PostgreSQL, µs a request"]
    return table(head, rows)
