"""Replies of departments, from their publication to the commit of the intake that takes them in."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import aio_pika
import asyncpg
import httpx
import orjson
from aio_pika.abc import AbstractExchange
from sqlalchemy.engine import make_url

from deploy.servers import processes
from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.messages.envelope import CONTENT_TYPE
from events.names import REPLIES, replies
from events.topology import apply_topology
from services.core.limits import AgencyLimits
from services.migrations.grants import Login
from services.notices.announce import FEED_CHANNEL
from services.notices.channels import Channel
from tests.benchmarks import usage
from tests.benchmarks.contenders import CONNECTIONS, ROOT, Contender, ContenderFailed
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.writes import rows
from tests.benchmarks.writes.contenders import LIMIT, SERVICE, TEAM
from tests.benchmarks.writes.ground import Ground, copied
from tests.benchmarks.writes.loader import Counted, LoadFailed, percentile
from tests.benchmarks.writes.measure import COMPARED, Plan, Setting, WriteRun, in_database, question_of
from tests.benchmarks.writes.preparing import EVENT, Preparing, Thing
from tests.servers import BrokerAddress, create_vhost

T = TypeVar("T")

DEPARTMENTS = 40
"""How many departments reply where it is spread over the province; no more are there."""
SETTLE_S, START_S, STARTS = 3.0, 120.0, 5
"""RabbitMQ 3.10 was seen to lose consumers of quorum queues that had just been declared: then it is begun again."""
ANSWER_S = 60.0
STOP_S = 15.0
WARM = 32
FEW = """
DELETE FROM department_channel
WHERE department_id <> ALL (ARRAY(SELECT id FROM department WHERE code = ANY($1)))
"""
TAKEN = "SELECT message_id FROM inbox_message WHERE message_id = ANY($1)"

COMMANDS: Mapping[str, Sequence[str]] = {
    LIMIT.name: (sys.executable, "-m", "tests.benchmarks.writes.limit.intake"),
    SERVICE.name: (str(Path(sys.executable).with_name("shangliang")), "intake"),
    TEAM.name: (sys.executable, "-m", "tests.benchmarks.strawberry_peer.intake"),
}


@dataclass(frozen=True, slots=True)
class Replies:
    """The verb, as reports name it."""

    name: str = "reply"
    title: str = "a reply taken in: from its publication to the intake's commit"


REPLY = Replies()


@dataclass(slots=True)
class Intake:
    """A contender's intake, with its copy of the province and a vhost of its own."""

    name: str
    ground: Ground
    sender: str
    """The address of an account that speaks for every department."""
    process: "subprocess.Popen[bytes]"
    log_file: Path
    capacity: float = 0.0

    def in_database(self, work: Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[T]]) -> T:
        """Return what work comes to over the copy, as its owner."""
        return in_database(self.ground.url, work)

    def prepare(self, number: int, *, spread: bool) -> list[Thing]:
        """Return so many things, each with a notice that its lead department has got and not answered."""

        async def work(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Thing]:
            preparing = Preparing(connection, self.ground)
            things = preparing.things(number, spread=spread)
            await preparing.topics(things, "LISTED")
            await preparing.notices(things)
            return things

        return self.in_database(work)


@contextmanager
def broker(directory: Path) -> Iterator[BrokerAddress]:
    """Lend the broker of SHANGLIANG_AMQP_URL and SHANGLIANG_RABBITMQ_API_URL, or a private one."""
    given, api = os.environ.get("SHANGLIANG_AMQP_URL"), os.environ.get("SHANGLIANG_RABBITMQ_API_URL")
    if given and api:
        yield BrokerAddress(given, api)
        return
    node = PrivateRabbitMQ(directory / "rabbitmq")
    try:
        node.start()
        node.wait_ready(START_S)
        yield BrokerAddress(node.url, node.api_url)
    finally:
        node.remove()


@contextmanager
def vhost(name: str, node: BrokerAddress) -> Iterator[tuple[BrokerAddress, str]]:
    """Lend a vhost of the broker, and the address of an account that speaks for every department there."""
    address, password = asyncio.run(create_vhost(name, node)), secrets.token_hex(16)
    with httpx.Client(base_url=node.api_url, timeout=ANSWER_S) as client:
        account = {"password": password, "tags": "impersonator"}
        client.put(f"/api/users/{name}", json=account).raise_for_status()
        rights = {"configure": "", "write": ".*", "read": ""}
        client.put(f"/api/permissions/{name}/{name}", json=rights).raise_for_status()
        try:
            yield (
                address,
                make_url(address.url).set(username=name, password=password).render_as_string(hide_password=False),
            )
        finally:
            client.delete(f"/api/users/{name}").raise_for_status()
            client.delete(f"/api/vhosts/{name}").raise_for_status()


@contextmanager
def taking_in(contender: Contender, prepared: Prepared, node: BrokerAddress, directory: Path) -> Iterator[Intake]:
    """Lend an intake over a copy of its own; the departments that reply have queues, and no others are there."""
    name = f"shangliang_replies_{contender.name}"
    with copied(prepared, name) as ground, ExitStack() as stack:
        codes = {one.departments[0] for one in ground.among(spread=False)}
        spread = ground.among(spread=True)[:DEPARTMENTS]
        codes |= {one.departments[0] for one in spread}
        ground.platforms = [one for one in ground.platforms if one.departments[0] in codes]
        in_database(ground.url, lambda connection: connection.execute(FEW, sorted(codes)))
        address, sender = stack.enter_context(vhost(name, node))
        channels = [Channel(code, code) for code in sorted(codes)]
        asyncio.run(apply_topology(channels, amqp_url=address.url, api_url=address.api_url, limits=AgencyLimits()))
        time.sleep(SETTLE_S)
        log_file, queues = directory / f"{name}.log", {replies(code) for code in codes}
        for _ in range(STARTS):
            with started(COMMANDS[contender.name], environment(ground, address, directory), log_file) as process:
                if processes.wait_until(lambda: not unread(name, queues, address), START_S):
                    yield Intake(contender.name, ground, sender, process, log_file)
                    return
        raise ContenderFailed(f"{name}: {sorted(unread(name, queues, address))} are not read: {log_file.read_text()}")


@contextmanager
def started(
    command: Sequence[str], variables: Mapping[str, str], log_file: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process until the block ends."""
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, env=variables)  # noqa: S603 -- ours
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def unread(vhost: str, queues: set[str], address: BrokerAddress) -> set[str]:
    """Return those of the queues that nobody reads."""
    found = httpx.get(f"{address.api_url}/api/queues/{vhost}", timeout=ANSWER_S).raise_for_status().json()
    return queues - {one["name"] for one in found if one.get("consumers")}


def environment(ground: Ground, address: BrokerAddress, directory: Path) -> dict[str, str]:
    """Return an intake's variables."""
    url = ground.login(Login.INTAKE)
    return {
        **os.environ,
        "DATABASE_URL": url,
        "CONNECTIONS": str(CONNECTIONS),
        "SHANGLIANG_DATABASE_URL": url,
        "SHANGLIANG_INTAKE_DATABASE_URL": url,
        "SHANGLIANG_AMQP_URL": address.url,
        "SHANGLIANG_STATE_DIR": str(directory),
    }


@asynccontextmanager
async def exchange(url: str) -> AsyncIterator[AbstractExchange]:
    """Lend the exchange of replies."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        yield await channel.get_exchange(REPLIES, ensure=False)


class Driver:
    """Publishes replies, so many on their way at once, and hears of each one's commit by the feed's notification."""

    def __init__(self, things: Sequence[Thing]) -> None:
        self._things = iter(things)
        self._coming: dict[str, asyncio.Future[None]] = {}
        self._rung = asyncio.Event()
        self.seconds: list[float] = []
        self.last = 0.0

    async def run(self, intake: Intake, at_once: int, seconds: float) -> Counted:
        """Return what came of the replies. Raises LoadFailed where one was not taken in."""
        listener = await asyncpg.connect(intake.ground.url)
        await listener.add_listener(FEED_CHANNEL, lambda *_: self._rung.set())
        watch = asyncio.create_task(self._watch(listener))
        try:
            async with exchange(intake.sender) as given:
                began = perf_counter()
                until = began + seconds
                await asyncio.gather(*(self._work(given, until) for _ in range(at_once)))
        except TimeoutError as error:
            raise LoadFailed(f"{intake.name} took nothing in: {intake.log_file.read_text()[-3000:]}") from error
        finally:
            watch.cancel()
            await listener.close()
        count = len(self.seconds)
        p50, p99 = (percentile(self.seconds, percent) for percent in (50, 99))
        exhausted = next(self._things, None) is None
        return Counted(count, round((self.last - began) * 1e6), p50, p99, 0, 0, 0, exhausted)

    async def _work(self, given: AbstractExchange, until: float) -> None:
        while perf_counter() < until:
            thing = next(self._things, None)
            if thing is None:
                return
            key, code = f"reply-{thing.number}", thing.platform.departments[0]
            taken = self._coming[key] = asyncio.get_running_loop().create_future()
            message = aio_pika.Message(body_of(thing, key, code), content_type=CONTENT_TYPE, user_id=code)
            began = perf_counter()
            await given.publish(message, f"{code}.reply.received")
            async with asyncio.timeout(ANSWER_S):
                await taken
            self.last = perf_counter()
            self.seconds.append(self.last - began)

    async def _watch(self, listener: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Look which replies were taken in, whenever something changed."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            for row in await listener.fetch(TAKEN, list(self._coming)):
                taken = self._coming.pop(row[0], None)
                if taken is not None and not taken.done():
                    taken.set_result(None)


def body_of(thing: Thing, key: str, code: str) -> bytes:
    """Return a reply that says that the notice about a thing was received."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": key,
            "source": f"/{code}",
            "type": "cn.shangliang.reply.received.v1",
            "causationid": str(thing.id(EVENT)),
        }
    )


class ReplyBench:
    """Measures intakes that run."""

    def __init__(self, intakes: Sequence[Intake], prepared: Prepared) -> None:
        self._intakes = intakes
        self._prepared = prepared

    def check(self) -> rows.Rows:
        """Return the rows that some replies make. Raises RowsDiffer unless all contenders' are the same."""
        first, *others = [(one.name, self._rows(one)) for one in self._intakes]
        for name, theirs in others:
            rows.compare(f"reply of {first[0]}", first[1], name, theirs)
        return first[1]

    def warm(self) -> None:
        """Every contender has its statements prepared, and what it can do is known."""
        for one in self._intakes:
            for _ in range(2):
                counted = self._load(one, one.prepare(WARM, spread=True), CONNECTIONS, 5.0)
            one.capacity = counted.per_second

    def measure(self, plan: Plan, say: Say) -> list[WriteRun]:
        """Return the runs of all rounds; `connections` are replies on their way at once, and none is read beside."""
        runs = []
        alone = [setting for setting in plan.settings if not setting.reads]
        for number in range(1, plan.rounds + 1):
            say(f"replies, round {number} of {plan.rounds}")
            start = number % len(self._intakes)
            in_turn = [*self._intakes[start:], *self._intakes[:start]]
            runs += [
                self._run(one, setting, at_once, number, plan.seconds)
                for setting, at_once, one in product(alone, plan.connections, in_turn)
            ]
        return runs

    def _rows(self, one: Intake) -> rows.Rows:
        """Return the rows of some replies, one after another."""
        began = rows.now()
        things = one.prepare(COMPARED, spread=True)
        since = one.in_database(lambda connection: rows.before(connection, began))
        self._load(one, things, 1, ANSWER_S)
        return one.in_database(lambda connection: rows.written(connection, since))

    def _run(self, one: Intake, setting: Setting, at_once: int, number: int, seconds: float) -> WriteRun:
        needed = max(64, round(one.capacity * seconds * 2))
        things = one.prepare(needed, spread=setting.spread)
        usage.wait_idle(one.process.pid, self._prepared.process)
        before = self._used(one)
        counted = self._load(one, things, at_once, seconds)
        after = self._used(one)
        process_us, database_us = (
            (later - earlier) / counted.verbs for earlier, later in zip(before, after, strict=True)
        )
        return WriteRun(
            one.name, question_of(REPLY.name, setting.name), at_once, number,
            counted.per_second, counted.p50_us, process_us, database_us, counted.p99_us, 0.0, 0.0,
        )  # fmt: skip

    def _load(self, one: Intake, things: Sequence[Thing], at_once: int, seconds: float) -> Counted:
        counted = asyncio.run(Driver(things).run(one, at_once, seconds))
        usage.wait_idle(self._prepared.process)
        return counted

    def _used(self, one: Intake) -> tuple[int, int]:
        return usage.used_us(one.process.pid), usage.used_us(self._prepared.process)


@contextmanager
def intakes(contenders: Sequence[Contender], prepared: Prepared, directory: Path) -> Iterator[list[Intake]]:
    """Lend the intakes of those contenders that have one."""
    with ExitStack() as stack:
        node = stack.enter_context(broker(directory))
        yield [
            stack.enter_context(taking_in(one, prepared, node, directory)) for one in contenders if one.name in COMMANDS
        ]
