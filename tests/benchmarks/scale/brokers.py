"""What departments take of a broker: memory, disk and processor of each node, and how fast events reach them."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import linear_regression, mean
from typing import Any

import aio_pika
from aio_pika.abc import AbstractExchange

from events.limits import account_limits
from events.management import Management, open_management
from events.names import EVENTS, inbox
from events.passwords import new_password, password_hash
from events.permissions import rights_of
from events.relay import RelaySettings
from events.topology import apply_topology, parts
from services.core.limits import AgencyLimits
from services.notices.channels import Channel
from tests.benchmarks import usage
from tests.benchmarks.database import Say
from tests.benchmarks.report import number
from tests.faults.cluster import Cluster
from tests.tables import table

SETTLE_S = 10.0
"""A queue tells of itself every five seconds, and the broker gives back what it took while making it."""
IDLE_S = 10.0
RESTART_S = 900.0
ROOMY = "vm_memory_high_watermark.absolute = 6GB\n"
EVENTS_SENT, DEPARTMENTS_TOLD, AMONG, BODY = 2_000, 3, 300, bytes(1_500)
"""As many events as are published, each to so many inboxes of so many; a notice is about as long."""
MEGABYTE = 1e6

Document = dict[str, Any]


class Shape(StrEnum):
    """Which queues a department has."""

    DECLARED = "declared"
    TWO = "two"
    CLASSIC = "classic"


def _two(document: Document) -> Document:
    """Return a document without the queues that wait for failures."""
    kept = (".inbox", ".replies")
    queues = [one for one in document["queues"] if one["name"].endswith(kept)]
    bindings = [one for one in document["bindings"] if one["destination"].endswith(kept)]
    return {**document, "queues": queues, "bindings": bindings}


def _classic(document: Document) -> Document:
    """Return a document whose queues are classic ones, on one node each."""
    queues = [{**one, "arguments": {"x-single-active-consumer": True}} for one in document["queues"]]
    return {**document, "queues": queues}


SHAPED: Mapping[Shape, Callable[[Document], Document]] = {
    Shape.DECLARED: lambda document: document,
    Shape.TWO: _two,
    Shape.CLASSIC: _classic,
}


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of departments take; sizes in MB, of the node that takes most."""

    departments: int
    queues_s: float
    """Until the queues of those that came last were there, and their accounts."""
    accounts_s: float
    again_s: float
    """For the topology of all once more, as each relay does it every five minutes."""
    depths_s: float
    """For the number of messages in each queue, as a relay asks for it."""
    memory: float
    disk: float
    files: int
    idle_cores: float
    """Of all nodes together, while nothing happens."""
    per_second: float
    """Notices confirmed in a second."""


async def measure(
    counts: Sequence[int],
    nodes: int,
    directory: Path,
    say: Say,
    *,
    shape: Shape = Shape.DECLARED,
    restart: bool = False,
) -> str:
    """Return the table of what so many departments take of a broker of so many nodes, one number after the other."""
    cluster = Cluster(directory / f"broker-{nodes}-{shape}", nodes, settings=ROOMY)
    loads: list[Load] = []
    came_back: float | None = None
    try:
        await cluster.start()
        known = 0
        for count in (0, *counts):
            loads.append(await _load(cluster, known, count, shape))
            say(row_text(loads[-1]))
            known = count
        if restart:
            began = time.perf_counter()
            await cluster.restart(RESTART_S)
            came_back = time.perf_counter() - began
    finally:
        await cluster.remove()
    return text(loads, nodes, shape, came_back)


async def _load(cluster: Cluster, known: int, count: int, shape: Shape) -> Load:
    """Add departments to those that are known, and look."""
    channels = [Channel(f"department-{one:05}", f"部门{one}") for one in range(count)]
    limits, (url, *_) = AgencyLimits(), cluster.urls
    async with open_management(cluster.api_url, url) as management:
        queues_s = await _timed(_import(management, channels[known:], shape))
        accounts_s = await _timed(_accounts(management, channels[known:], limits))
        await asyncio.sleep(SETTLE_S)
        used = sum(map(usage.used_us, cluster.pids))
        await asyncio.sleep(IDLE_S)
        used = sum(map(usage.used_us, cluster.pids)) - used
        memory, disk = max(map(_memory, cluster.pids)), max(map(_disk, cluster.directories))
        files = max(map(_files, cluster.pids))
        depths_s = await _timed(management.depths())
    again_s = 0.0
    if shape is Shape.DECLARED:
        again_s = await _timed(apply_topology(channels, amqp_url=url, api_url=cluster.api_url, limits=limits))
    per_second = await _publish(url, channels) if count >= DEPARTMENTS_TOLD else 0.0
    return Load(
        count, queues_s, accounts_s, again_s, depths_s, memory / MEGABYTE, disk / MEGABYTE, files,
        used / 1e6 / IDLE_S, per_second,
    )  # fmt: skip


async def _timed(work: Any) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _import(management: Management, channels: Sequence[Channel], shape: Shape) -> None:
    shared, *others = parts(channels, AgencyLimits())
    await management.import_definitions(shared)
    for part in others:
        await management.import_definitions(SHAPED[shape](part))


async def _accounts(management: Management, channels: Sequence[Channel], limits: AgencyLimits) -> None:
    for one in channels:
        await management.put_account(one.code, password_hash(new_password()))
    await management.permit(rights_of(channels, []))
    await management.limit_accounts({one.code: account_limits(limits) for one in channels})


async def _publish(amqp_url: str, channels: Sequence[Channel]) -> float:
    """Return how many notices a second the broker confirms; none stays."""
    draw = random.Random(1)  # noqa: S311 -- nothing to guess
    told = draw.sample(channels, min(AMONG, len(channels)))
    keys = [f"{one.code}.topic.listed" for _ in range(EVENTS_SENT) for one in draw.sample(told, DEPARTMENTS_TOLD)]
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EVENTS, ensure=False)
        await _confirmed(exchange, iter([f"{one.code}.topic.listed" for one in told]))  # a queue's first is dear
        began = time.perf_counter()
        rest = iter(keys)
        await asyncio.gather(*(_confirmed(exchange, rest) for _ in range(RelaySettings().window)))
        took = time.perf_counter() - began
        for one in told:
            await (await channel.get_queue(inbox(one.code), ensure=False)).purge()
    return len(keys) / took


async def _confirmed(exchange: AbstractExchange, keys: Iterator[str]) -> None:
    """Publish to one key after the other, each once the one before is confirmed."""
    for key in keys:
        message = aio_pika.Message(BODY, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await exchange.publish(message, key, mandatory=True, timeout=60)


def _memory(pid: int) -> int:
    """Return a process's resident bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:"))


def _files(pid: int) -> int:
    """Return how many files and connections a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _disk(directory: Path) -> int:
    """Return the bytes that a node's data take on disk."""
    return sum(path.stat().st_blocks << 9 for path in (directory / "data").rglob("*") if path.is_file())


HEAD = (
    *("departments", "memory, MB", "disk, MB", "files", "idle, cores", "their queues, s", "accounts, s"),
    *("all again, s", "depths, s", "notices/s"),
)


def _cells(load: Load) -> list[str]:
    return [
        f"{load.departments:,}",
        *(f"{size:,.0f}" for size in (load.memory, load.disk)),
        f"{load.files:,}",
        *(number(one) for one in (load.idle_cores, load.queues_s, load.accounts_s, load.again_s, load.depths_s)),
        number(load.per_second or None),
    ]


def row_text(load: Load) -> str:
    """Return what was seen of one number of departments, in a line."""
    return ", ".join(f"{name} {cell}" for name, cell in zip(HEAD, _cells(load), strict=True))


def text(loads: Sequence[Load], nodes: int, shape: Shape, came_back_s: float | None) -> str:
    """Return the table, and what a department takes by a line fitted through its rows."""
    head = f"{nodes} nodes, {shape}; sizes of the node that takes most:"
    lines = [head, "", table(HEAD, [_cells(load) for load in loads]), ""]
    departments = [load.departments for load in loads]
    for name, unit, sizes in (
        ("memory", "KB", [1e3 * load.memory for load in loads]),
        ("disk", "KB", [1e3 * load.disk for load in loads]),
        ("processor while nothing happens", "ms a second", [1e3 * load.idle_cores for load in loads]),
    ):
        slope, begin = linear_regression(departments, sizes)
        middle = mean(sizes)
        off = max(abs(begin + slope * count - size) for count, size in zip(departments, sizes, strict=True))
        lines.append(f"{name}: {slope:.3g} {unit} a department, at most {100 * off / middle:.0f} % of the mean off")
    if came_back_s is not None:
        lines.append(f"after all nodes were killed every queue was back after {came_back_s:.0f} s")
    return "\n".join(lines)
