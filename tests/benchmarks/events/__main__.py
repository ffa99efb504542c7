"""Measures how events reach departments: `make bench-events`, with arguments in BENCH="…".

Servers, relay, writer and reader are processes of this machine and share its cores.
"""

import argparse
import asyncio
import os
import platform
from collections.abc import Sequence

from tests.benchmarks.events import draining, latency, report, throughput
from tests.benchmarks.events.place import Place, place

DEPARTMENTS, TOPICS = 1_000, 1_000
PARTS = ("throughput", "latency", "backlog")


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def load() -> str:
    """Return how busy the machine was in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}"


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench-events", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", choices=PARTS, default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5, help="of throughput")
    parser.add_argument("--seconds", type=float, default=20.0, help="of events, for latency")
    parser.add_argument("--notices", type=int, default=10_000, help="in a round of throughput; a tenth for one lane")
    parser.add_argument("--backlog", type=int, default=100_000, help="notices that wait in 1,000 lanes")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    found = parser.parse_args(given)
    if found.quick:
        found.rounds, found.seconds, found.notices, found.backlog = 1, 2.0, 1_000, 5_000
    return found


async def measure(asked: argparse.Namespace, where: Place) -> None:
    """Print the tables of the parts asked for."""
    version = await where.rows.fetchval("SHOW server_version")
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Linux), PostgreSQL {version}"
    texts = [f"Measured on {machine}, Python {platform.python_version()}; {load()} at the start."]
    if "throughput" in asked.only:
        shapes = [
            await throughput.measure(where, shape, asked.rounds, asked.notices, say) for shape in throughput.SHAPES
        ]
        texts.append(report.throughput(shapes))
    if "latency" in asked.only:
        say(f"events for {asked.seconds:g} s")
        texts.append(report.latency(await latency.measure(where, asked.seconds)))
    if "backlog" in asked.only:
        say(f"a backlog of {asked.backlog:,}")
        texts.append(report.draining(await draining.measure(where, asked.backlog)))
    texts.append(f"At the end: {load()}.")
    say("\n" + "\n\n".join(texts))


async def main(asked: argparse.Namespace) -> None:
    """Measure on servers of its own."""
    async with place(DEPARTMENTS, TOPICS, say) as where:
        await measure(asked, where)


if __name__ == "__main__":
    asyncio.run(main(arguments()))
