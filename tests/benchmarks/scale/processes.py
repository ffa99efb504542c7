"""One to four processes of the API over one database: what they answer together, and what they take."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import usage
from tests.benchmarks.contenders import SERVICE, SHANGLIANG, running
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.load import post
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.report import number
from tests.tables import table

CONNECTIONS = 32
ASKED = ("Q2", "Q4")


def _serving(count: int) -> Callable[[int], Sequence[str]]:
    return lambda _port: [SHANGLIANG, "serve", "--workers", str(count)]


def _memory_mb(root: int) -> float:
    """Return the memory that a process and its children have for themselves or share with others, each its part."""
    total, tree = 0, [root]
    while tree:
        pid = tree.pop()
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        tree += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return total / 1024


def measure(database: Prepared, numbers: Sequence[int], seconds: float, directory: Path, say: Say) -> str:
    """Return the table of so many processes, one number after the other."""
    rows = []
    for count in numbers:
        say(f"{count} processes")
        service = replace(SERVICE, command=_serving(count))
        own = directory / f"workers-{count}"
        own.mkdir()
        with running([service], database.url, own) as (one,):
            cells = []
            for question in QUESTIONS:
                if question.name in ASKED:
                    body = directory / f"{question.name}.json"
                    body.write_bytes(one.body(question))
                    for _ in range(2):  # the first to warm up
                        used = [usage.used_us(pid) for pid in (one.process, database.process)]
                        load = post(one.url(question), body, connections=CONNECTIONS, seconds=seconds)
                        spent = [
                            (usage.used_us(pid) - before) / load.requests
                            for pid, before in zip((one.process, database.process), used, strict=True)
                        ]
                    cells += [number(load.per_second), " / ".join(f"{each:,.0f}" for each in spent)]
            rows.append([str(count), *cells, f"{_memory_mb(one.process):,.0f}"])
    head = [cell for name in ASKED for cell in (f"{name}, a second", "µs a request, API / PostgreSQL")]
    return table(["processes", *head, "memory, MB"], rows)
