"""Several workers of one service, and callers whose connections are known to be one's."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from deploy.servers.processes import alive, command_line
from tests.serving import Served

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 60.0
ESTABLISHED = "01"


def workers(served: Served) -> set[int]:
    """Return the processes that answer."""
    pid = served.process.pid
    found = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    return {child for child in map(int, found) if "worker" in command_line(child) and alive(child)}


def processor_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def connected(pid: int) -> list[tuple[int, int]]:
    """Return the connections of a process, each by its own port and that at the other end."""
    held = set()
    for entry in (Path("/proc") / str(pid) / "fd").iterdir():
        with suppress(OSError):
            held.add(str(entry.readlink()))
    lines = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return [
        (int(line[1].rpartition(":")[2], 16), int(line[2].rpartition(":")[2], 16))
        for line in lines
        if line[3] == ESTABLISHED and f"socket:[{line[9]}]" in held
    ]


def callers_of(pid: int) -> set[int]:
    """Return the ports of those at the other ends of a process's connections."""
    return {port for _, port in connected(pid)}


class Caller:
    """One connection, kept from request to request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.port: int = writer.get_extra_info("sockname")[1]

    async def ask(self, query: str = "{ __typename }", token: str | None = None, **more: Any) -> Any:
        """Return the answer to a request. Raises ConnectionError or EOFError where the connection ends instead."""
        body = orjson.dumps({"query": query, **more})
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{bearer}"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        async with asyncio.timeout(PATIENCE_S):
            answered = await self._reader.readuntil(b"\r\n\r\n")
            lines = answered.decode().lower().splitlines()
            (size,) = (int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
            return orjson.loads(await self._reader.readexactly(size))

    def close(self) -> None:
        self._writer.close()


async def call(served: Served) -> Caller:
    """Return a connection that has been answered."""
    caller = Caller(*await asyncio.open_connection("127.0.0.1", served.port))
    assert await caller.ask() == {"data": {"__typename": "Query"}}
    return caller


@asynccontextmanager
async def one_of_each(served: Served) -> AsyncIterator[tuple[Caller, Caller]]:
    """Give a caller of each of two workers."""
    opened: list[Caller] = []
    found: dict[int, Caller] = {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            while len(found) < 2:
                together = await asyncio.gather(*(call(served) for _ in range(4)))
                opened += together
                found |= {pid: one for pid in workers(served) for one in together if one.port in callers_of(pid)}
        first, second = found.values()
        yield first, second
    finally:
        for caller in opened:
            caller.close()


async def until(condition: Any) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 -- waits for other processes
            await asyncio.sleep(0.05)


def failures(answers: list[Any]) -> Iterator[int]:
    """Yield the places of what was not answered."""
    return (place for place, answer in enumerate(answers) if isinstance(answer, BaseException))
