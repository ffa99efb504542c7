"""Plays the whole network for a time, and tells whether anything grows: memory, descriptors, what waits.

`python -m tests.drills.endurance --minutes 30`: an API, a relay and an intake with a database and a broker of their
own, two departments that answer what they hear, so many scenes a second (a topic from its proposal to its evidence, in
eight verbs, with ten notices) and so many reads.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

import asyncpg
import httpx

from deploy.scene import Scene
from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from tests.benchmarks.__main__ import say
from tests.benchmarks.writes.ground import token
from tests.drills.place import ROOT, Place, end
from tests.faults.department import Department
from tests.tables import table

COMMANDS = ("serve", "relay", "intake")
CODES = ("qinshui-court", "qinshui-forestry")
LAG = re.compile(r'^shangliang_event_loop_lag_seconds_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE)
MOST_LAG_S = 0.02
MOST_GROWTH = 1.1
"""How many times its median of the second quarter a figure may be in the last one."""
WAITING = "SELECT count(*) FROM delivery WHERE status IN ('PENDING', 'PARKED')"
UNANSWERED = "SELECT count(*) FROM delivery WHERE status = 'CONFIRMED' AND receipt IS NULL"
READ = """{ division(code: "140521") { name platforms(first: 50) { nodes { code name topics(first: 5) {
  nodes { number title status sessions(first: 2) { nodes { scheduledAt status } } } } } } } }"""


@dataclass(frozen=True)
class Sample:
    """What was seen at one moment: megabytes and descriptors of each process, and what waits."""

    memory: tuple[float, ...]
    descriptors: tuple[int, ...]
    waiting: int
    unanswered: int

    def told(self) -> str:
        """Return it in one line."""
        each = zip(COMMANDS, self.memory, self.descriptors, strict=True)
        used = ", ".join(f"{command} {mb:.0f} MB, {count} descriptors" for command, mb, count in each)
        return f"{used}; {self.waiting} notices wait, {self.unanswered} are not answered"


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(kilobytes) / 1024


def descriptors(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def lags(ports: dict[str, int]) -> dict[str, dict[float, float]]:
    """Return how often the event loop of each process was how late, by upper ends in seconds."""
    async with httpx.AsyncClient(trust_env=False) as client:
        texts = {name: (await client.get(f"http://127.0.0.1:{port}/metrics")).text for name, port in ports.items()}
    return {name: {float(end_): float(count) for end_, count in LAG.findall(text)} for name, text in texts.items()}


def percentile(before: dict[float, float], after: dict[float, float], share: float) -> float:
    """Return the upper end, in seconds, below which a share of what was counted between two scrapes lies."""
    counted = {end_: after[end_] - before[end_] for end_ in after}
    return min(end_ for end_, count in counted.items() if count >= share * max(counted.values()))


class Played:
    """What was asked so far."""

    def __init__(self) -> None:
        self.scenes = self.reads = 0
        self.faults: list[str] = []

    async def paced(self, per_s: float, until: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do something so many times a second until a moment, whether what was begun is done or not."""
        due = monotonic()
        async with asyncio.TaskGroup() as tasks:
            while monotonic() < until:
                tasks.create_task(self._one(work))
                due += 1 / per_s
                await asyncio.sleep(max(due - monotonic(), 0))

    async def _one(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except (httpx.HTTPError, RuntimeError) as error:
            self.faults.append(f"{type(error).__name__}: {error}")


async def drill(
    asked: argparse.Namespace, place: Place, broker: PrivateRabbitMQ
) -> tuple[Played, list[Sample], dict[str, float]]:
    """Play; return what was asked, the samples, and the 99th percentile of each process's lag."""
    bearer = token(place.directory / "key.pem")
    for words in (("migrate",), ("seed", "--until", "2023-01-05"), ("topology",)):
        await place.command(ROOT, *words)
    port, ports = free_port(), {command: free_port() for command in COMMANDS}
    async with AsyncExitStack() as stack:
        for code in CODES:
            password = (await place.command(ROOT, "agency", "add", code)).split()[-1]
            (own := place.directory / code).mkdir()
            address = f"amqp://{code}:{password}@{broker.url.rpartition('@')[2]}"
            await stack.enter_async_context(Department(address, own).consuming("consumer"))
        serve = await place.serve(ROOT, port, SHANGLIANG_METRICS_PORT=str(ports["serve"]))
        stack.push_async_callback(end, serve)
        others = [
            await place.start(ROOT, name, variables={"SHANGLIANG_METRICS_PORT": str(ports[name])})
            for name in COMMANDS[1:]
        ]
        stack.push_async_callback(end, *others)
        processes = [serve, *others]
        connection = await asyncpg.connect(place.url)
        stack.push_async_callback(connection.close)
        played, address = Played(), f"http://127.0.0.1:{port}"
        scene = Scene(address, bearer, lambda _: None)
        stack.push_async_callback(scene.close)
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=30))

        async def read() -> None:
            (await client.post(f"{address}/graphql", json={"query": READ})).raise_for_status()
            played.reads += 1

        async def play() -> None:
            await scene.play(told=True)
            played.scenes += 1

        await played.paced(asked.scenes, monotonic() + 10, play)
        before, until = await lags(ports), monotonic() + 60 * asked.minutes
        load = asyncio.gather(played.paced(asked.scenes, until, play), played.paced(asked.reads, until, read))
        samples = list[Sample]()
        while not load.done():
            await asyncio.wait([load], timeout=asked.every)
            pids = [one.pid for one in processes]
            waiting, unanswered = [await connection.fetchval(one) for one in (WAITING, UNANSWERED)]
            samples.append(Sample(tuple(map(memory_mb, pids)), tuple(map(descriptors, pids)), waiting, unanswered))
            say(f"{samples[-1].told()}; {played.scenes:,} scenes, {played.reads:,} reads, {len(played.faults)} failed")
        await load
        after = await lags(ports)
    return played, samples, {name: percentile(before[name], after[name], 0.99) for name in ports}


def growth(figures: Sequence[float]) -> tuple[float, float]:
    """Return the median of a figure in the second quarter of the time and in the last."""
    quarter = max(len(figures) // 4, 1)
    return median(figures[quarter : 2 * quarter] or figures), median(figures[-quarter:])


def main() -> None:
    """Run what the command line asks for; ends with 1 where something grew, failed or was late."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--scenes", type=float, default=1, help="a second")
    parser.add_argument("--reads", type=float, default=50, help="a second")
    parser.add_argument("--every", type=float, default=30, help="seconds between samples")
    asked = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shangliang-drill-")))
        directory.chmod(0o711)  # servers that may not run as root get through
        broker, server = PrivateRabbitMQ(directory / "rabbitmq"), EmbeddedPostgres(directory / "postgres")
        stack.callback(broker.remove)
        stack.callback(server.remove)
        broker.start()
        server.start()
        broker.wait_ready()
        addresses = {"SHANGLIANG_AMQP_URL": broker.url, "SHANGLIANG_RABBITMQ_API_URL": broker.api_url}
        played, samples, late = asyncio.run(drill(asked, Place(server.url, directory, addresses), broker))
    figures = {
        "notices that wait": [one.waiting for one in samples],
        "notices that are not answered": [one.unanswered for one in samples],
        **{f"memory of {name}, MB": [one.memory[index] for one in samples] for index, name in enumerate(COMMANDS)},
        **{
            f"descriptors of {name}": [one.descriptors[index] for one in samples] for index, name in enumerate(COMMANDS)
        },
    }
    rows, grown = [], False
    for name, figure in figures.items():
        early, last = growth(figure)
        grown = grown or last > max(early * MOST_GROWTH, early + 5)
        rows.append([name, f"{early:,.0f}", f"{last:,.0f}"])
    say(f"\n{played.scenes:,} scenes, {played.reads:,} reads, {len(played.faults)} failed {played.faults[:3]}\n")
    say(table(["figure, median", "in the second quarter", "in the last"], rows))
    say(
        "\n"
        + "\n".join(f"event loop of {name}: p99 at most {seconds * 1000:g} ms late" for name, seconds in late.items())
    )
    raise SystemExit(1 if grown or played.faults or max(late.values()) > MOST_LAG_S else 0)


if __name__ == "__main__":
    main()
