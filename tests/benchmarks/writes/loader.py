"""Load of verbs from a process of its own: each request has a body of its own, and only answers that did it count.

Run as a program with the file of a `Job`; prints what it counted as JSON. A connection goes on with the next task that
nobody has begun, and after each verb it reads as often as the job says. Where the job has a pace, requests come at
their times, whether those before were answered or not, and each counts from the time at which it was due.
"""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import cast

import httptools
import orjson
import uvloop

HERE = "127.0.0.1"
ID = re.compile(rb"(?:matter|topic|session)_[0-9a-f-]{36}")
"""What a verb gives the id of."""
GIVEN = b"$given"
"""Stands in a body for the id that the task's verb before it gave."""
FAILED = b'"errors":[{'
ANSWER_S = 60.0
OK = 200


class LoadFailed(Exception):
    """An answer that did not do what was asked for."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: where it is posted, and its body."""

    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be asked. A task's requests follow each other."""

    port: int
    connections: int
    seconds: float
    tasks: Sequence[Sequence[Ask]]
    headers: Sequence[str] = ()
    """Of verbs; a read has none."""
    read: Ask | None = None
    reads: int = 0
    """How many follow each verb."""
    verbs_per_s: float = 0.0
    reads_per_s: float = 0.0
    """The pace; with both 0 a connection asks as soon as it is answered."""


@dataclass(slots=True)
class Counted:
    """What a job came to. Times in microseconds."""

    verbs: int
    duration_us: int
    p50_us: int
    p99_us: int
    reads: int
    reads_p50_us: int
    reads_p99_us: int
    exhausted: bool
    """Whether the tasks ended before the time."""

    @property
    def per_second(self) -> float:
        """Verbs a second."""
        return self.verbs * 1e6 / self.duration_us if self.duration_us else 0.0


class Connection(asyncio.Protocol):
    """A connection of a client with one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the contender closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body.clear()

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        status = self._parser.get_status_code()
        if status == OK:
            self._answer.set_result(bytes(self._body))
        else:
            self._answer.set_exception(LoadFailed(f"{status} {bytes(self._body)[:2000]!r}"))

    async def ask(self, request: bytes) -> bytes:
        """Return an answer's body. Raises LoadFailed for any status but 200, TimeoutError without an answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(ANSWER_S):
            return await self._answer


def request_of(path: str, body: bytes, headers: Sequence[str]) -> bytes:
    """Return a request as it is sent."""
    lines = [
        f"POST /{path} HTTP/1.1",
        f"Host: {HERE}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


@dataclass(slots=True)
class Load:
    """A job under way."""

    job: Job
    tasks: Iterator[Sequence[Ask]] = field(init=False)
    until: float = field(init=False)
    verbs: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    last: float = 0.0

    def __post_init__(self) -> None:
        self.tasks = iter(self.job.tasks)

    async def run(self) -> Counted:
        """Return what came of the job. Raises LoadFailed for an answer that is none."""
        loop = asyncio.get_running_loop()
        made = [await loop.create_connection(Connection, HERE, self.job.port) for _ in range(self.job.connections)]
        began = perf_counter()
        self.until = began + self.job.seconds
        if self.job.verbs_per_s or self.job.reads_per_s:
            free = asyncio.Queue[Connection]()
            for _, protocol in made:
                free.put_nowait(protocol)
            verbs, reads = self._paced(free, self.job.verbs_per_s, write=True), self._paced(free, self.job.reads_per_s)
            await asyncio.gather(verbs, reads)
        else:
            await asyncio.gather(*(self._work(protocol, number) for number, (_, protocol) in enumerate(made)))
        for transport, _ in made:
            transport.close()
        return Counted(
            len(self.verbs),
            round((self.last - began) * 1e6),
            percentile(self.verbs, 50),
            percentile(self.verbs, 99),
            len(self.reads),
            percentile(self.reads, 50),
            percentile(self.reads, 99),
            self.last < self.until and next(self.tasks, None) is None,
        )

    async def _paced(self, free: "asyncio.Queue[Connection]", per_s: float, *, write: bool = False) -> None:
        """Let verbs or reads come so often until the time is over or there are no tasks."""
        due = perf_counter()
        async with asyncio.TaskGroup() as under_way:
            while per_s and due < self.until:
                task = next(self.tasks, None) if write else ()
                if task is None:
                    return
                await asyncio.sleep(max(0.0, due - perf_counter()))
                under_way.create_task(self._one(free, task, due))
                due += 1 / per_s

    async def _one(self, free: "asyncio.Queue[Connection]", task: Sequence[Ask], due: float) -> None:
        """Do a task, or read, by the next free connection."""
        connection = await free.get()
        for ask in task:
            await self._verb(connection, ask, b"", due)
        if not task:
            await self._read(connection, due)
        free.put_nowait(connection)

    async def _work(self, connection: Connection, number: int) -> None:
        """Do tasks until the time is over or there are none."""
        for _ in range(number % (self.job.reads + 1)):  # so that not all of them write at once
            await self._read(connection)
        while perf_counter() < self.until:
            task = next(self.tasks, None)
            if task is None:
                return
            given = b""
            for ask in task:
                given = await self._verb(connection, ask, given)
                for _ in range(self.job.reads):
                    await self._read(connection)

    async def _verb(self, connection: Connection, ask: Ask, given: bytes, due: float | None = None) -> bytes:
        """Ask for a verb and return the id that it gave. Raises LoadFailed where it gave none."""
        request = request_of(ask.path, ask.body.encode().replace(GIVEN, given), self.job.headers)
        began = perf_counter() if due is None else due
        answer = await connection.ask(request)
        self.last = perf_counter()
        found = ID.search(answer)
        if FAILED in answer or found is None:
            raise LoadFailed(answer[:2000].decode(errors="replace"))
        self.verbs.append(self.last - began)
        return found.group()

    async def _read(self, connection: Connection, due: float | None = None) -> None:
        assert self.job.read is not None
        began = perf_counter() if due is None else due
        answer = await connection.ask(request_of(self.job.read.path, self.job.read.body.encode(), ()))
        if FAILED in answer:
            raise LoadFailed(answer[:2000].decode(errors="replace"))
        self.reads.append(perf_counter() - began)


def percentile(seconds: Sequence[float], percent: int) -> int:
    """Return the microseconds that so many of a hundred did not exceed; 0 of none."""
    ordered = sorted(seconds)
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1e6) if ordered else 0


def main(file: Path) -> None:
    """Do the job in a file and print what came of it."""
    given = orjson.loads(file.read_bytes())
    given["tasks"] = [[Ask(**ask) for ask in task] for task in given["tasks"]]
    given["read"] = Ask(**given["read"]) if given["read"] else None
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(Load(Job(**given)).run())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
