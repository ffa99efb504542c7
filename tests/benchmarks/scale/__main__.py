"""Measures on one machine what a nation's arithmetic starts from: `make bench-scale`, with arguments in BENCH="…"."""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.database import prepared
from tests.benchmarks.scale import brokers, nation, partitions, processes, reads, standbys

DEPARTMENTS = (100, 500, 1_000)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    of = parser.add_subparsers(dest="what", required=True)
    broker = of.add_parser("brokers", help="what departments take of a broker")
    broker.add_argument("--departments", type=int, nargs="+", default=list(DEPARTMENTS), metavar="N")
    broker.add_argument("--nodes", type=int, nargs="+", default=[1, 3], metavar="N")
    broker.add_argument("--queues", choices=list(brokers.Shape), default=brokers.Shape.DECLARED, type=brokers.Shape)
    broker.add_argument("--restart", action="store_true", help="kill all nodes at the end and wait for all queues")
    database = argparse.ArgumentParser(add_help=False)
    database.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where databases stay for the next run")
    database.add_argument("--rounds", type=int, default=3)
    database.add_argument("--seconds", type=float, default=2.0, help="of load for each question")
    many = of.add_parser("nation", parents=[database], help="the province, and many provinces in one database")
    many.add_argument("--provinces", type=int, nargs="+", default=[len(nation.PROVINCES)], metavar="N")
    parts = of.add_parser("partitions", parents=[database], help="the nation with partitioned tables")
    parts.add_argument("--provinces", type=int, default=len(nation.PROVINCES), metavar="N")
    waits = of.add_parser("standbys", parents=[database], help="a primary with two standbys")
    waits.add_argument("--connections", type=int, nargs="+", default=[1, 8], metavar="N")
    api = of.add_parser("processes", parents=[database], help="several processes of the API")
    api.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4], metavar="N")
    return parser.parse_args(given)


async def measure_brokers(asked: argparse.Namespace, directory: Path) -> None:
    """Print the tables of brokers."""
    say(f"Measured on {os.cpu_count()} cores ({platform.machine()}, Linux), Python {platform.python_version()}.")
    for nodes in asked.nodes:
        counts = sorted(asked.departments)
        say(await brokers.measure(counts, nodes, directory, say, shape=asked.queues, restart=asked.restart))


def measure_databases(asked: argparse.Namespace, directory: Path) -> None:
    """Print the tables of databases."""
    load.install()
    settings = standbys.REPLICATED if asked.what == "standbys" else nation.SETTINGS
    with prepared(1, asked.keep, say, settings=settings) as province:
        say(f"{machine(province)}.")
        match asked.what:
            case "nation":
                places = {"one province": province}
                for count in asked.provinces:
                    places[f"{count} provinces"] = nation.nation(province, count, say)
                for title, place in places.items():
                    text, gigabytes = asyncio.run(nation.sizes(place.url))
                    say(f"{title}, {gigabytes:.2f} GB:\n\n{text}\n")
                say(reads.measure(places, asked.rounds, asked.seconds, directory, say))
            case "partitions":
                whole = nation.nation(province, asked.provinces, say)
                split = partitions.parted(whole, say)
                say(partitions.statements([whole.url, split.url]))
                places = {"plain": whole, "partitioned": split}
                say(reads.measure(places, asked.rounds, asked.seconds, directory, say))
            case "standbys":
                say(standbys.measure(province, directory, say, rounds=asked.rounds, connections=asked.connections))
            case "processes":
                say(processes.measure(province, asked.workers, asked.seconds, directory, say))


def main() -> None:
    """Measure in a directory of its own."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        say(f"load average {os.getloadavg()[0]:.1f}")
        if asked.what == "brokers":
            asyncio.run(measure_brokers(asked, directory))
        else:
            measure_databases(asked, directory)
        say(f"load average at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
