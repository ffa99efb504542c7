"""Several processes that answer at one port: started, kept alive, and ended by one that answers nothing itself.

uvicorn's own supervisor is not used: its workers outlive it where it is killed, are started again at once for ever
where they cannot start, and their failure to start is not its own; and a worker here makes its application itself.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from deploy.addresses import DatabaseAddresses
from deploy.console import say
from deploy.line import LONGEST, MOST_WAITING, Given, message, received
from deploy.scrapes import Family, counted, families, served, summed
from deploy.signals import stopping
from services.core.settings import Settings

PORT_TAKEN = 3
"""The exit status of uvicorn where it cannot listen."""
BACKLOG = 2_048
"""Connections that wait to be accepted; uvicorn's own figure."""
STOP_S = 13.0
"""For how long workers may take that have drained: somewhat more than they finish for what is under way."""
ASK_S = 5.0
"""How often a worker is asked what it counts; so much is lost of what one has counted that is killed."""
DEAF = 12
"""A worker that has left so many questions unanswered hangs, and is killed."""
SCRAPE_S = 2.0
"""How long a scrape waits for the workers' answers; of one that takes longer the last is taken."""
STEADY_S = 60.0
"""A worker that has answered for so long is started again at once when it ends."""
LONGEST_PAUSE_S = 30.0
CPU_LIMITS = [
    (Path("/sys/fs/cgroup/cpu.max"),),
    (Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")),
]
"""Where the kernel tells a container's quota and period: control groups of version 2, and of version 1."""

log = structlog.get_logger()


def cores() -> int:
    """Return how many cores this process may use, by what a container is allowed too."""
    number = len(os.sched_getaffinity(0))
    for files in CPU_LIMITS:
        with suppress(OSError, ValueError):
            quota, period = " ".join(file.read_text() for file in files).split()
            if int(quota) > 0:  # no limit is "max", which is no number, or -1
                number = min(number, -(-int(quota) // int(period)))
    return max(1, number)


class Worker:
    """A process that answers, as the one that started it sees it."""

    def __init__(self, process: asyncio.subprocess.Process, writer: asyncio.StreamWriter) -> None:
        self.process = process
        self.told: list[Family] = []
        """What it counts, as it said last."""
        self.unanswered = 0
        self.answered = asyncio.Event()
        self.since: float | None = None
        """When it began to take connections."""
        self._writer = writer

    def send(self, line: bytes) -> None:
        """Send a message; one that cannot wait is left out."""
        if self._writer.transport.get_write_buffer_size() < MOST_WAITING:
            self._writer.write(line)

    def ask(self) -> None:
        """Ask it what it counts."""
        self.answered.clear()
        self.send(message("ask", None))

    def watch(self) -> None:
        """Ask it as often as that is done anyway; one that answers nothing any more is killed."""
        self.ask()
        self.unanswered += 1
        if self.unanswered > DEAF:
            log.error("a worker hangs and is killed", worker=self.process.pid)
            self.kill()

    def answers(self, told: list[Family]) -> None:
        """Take in what it counts."""
        self.told = told
        self.unanswered = 0
        self.answered.set()

    def signal(self, number: int) -> None:
        """Ask it to end by a signal, if it has not."""
        if self.process.returncode is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.process.returncode is None:
            self.process.kill()

    def hang_up(self) -> None:
        """Close the line."""
        self._writer.close()


class Workers(Collector):
    """The workers of one port. What they count is collected as one process's."""

    def __init__(self, settings: Settings, addresses: DatabaseAddresses, sockets: Sequence[socket.socket]) -> None:
        self._settings = settings
        self._addresses = addresses
        self._sockets = sockets
        self._loop = asyncio.get_running_loop()
        self._workers: set[Worker] = set()
        self._ended: list[Family] = []
        """What those counted that have ended."""
        self._restarts = 0
        self._lines: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._by: int = signal.SIGTERM
        """The signal by which the command was told to end."""

    def stop(self, number: int) -> None:
        """Let the workers end, by the signal by which the command is told to."""
        self._by = number
        if self._stop.is_set():  # they end already, and are to end sooner
            for worker in self._workers:
                worker.signal(number)
        self._stop.set()

    async def run(self, number: int) -> int:
        """Keep so many workers until told to stop; return the exit status.

        The first starts alone: where it cannot, none can, and its failure is the command's.
        """
        stopped = asyncio.create_task(self._stop.wait())
        first, told = await self._start(number)
        ended = asyncio.create_task(first.process.wait())
        try:
            await asyncio.wait((told, ended, stopped), return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                return 0
            if not told.done():
                return failure(await ended)
            facts = told.result()
            say(f"{facts['said']}.")
            others = [None] * (facts["workers"] - 1)
            tasks = [asyncio.create_task(work) for work in (self._ask(), *map(self._keep, (first, *others)))]
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return 0 if stopped in done else failure(next(iter(done)).result())
        finally:
            stopped.cancel()
            ended.cancel()
            await self._end()

    async def _start(self, wanted: int | None = None) -> "tuple[Worker, asyncio.Future[Any]]":
        """Start a worker; what it says when it takes connections comes later. `wanted` is told to the first."""
        own, its = socket.socketpair()
        with closing(its):
            descriptors = [one.fileno() for one in self._sockets]
            command = sys.executable, "-m", "deploy", "worker", str(its.fileno())
            process = await asyncio.create_subprocess_exec(*command, pass_fds=(its.fileno(), *descriptors))
        reader, writer = await asyncio.open_connection(sock=own, limit=LONGEST)
        worker, told = Worker(process, writer), self._loop.create_future()
        writer.write(Given(self._addresses, descriptors, wanted, asked=self._settings.workers > 0).line())
        self._workers.add(worker)
        hearing = asyncio.create_task(self._hear(worker, reader, told))
        self._lines.add(hearing)
        hearing.add_done_callback(self._lines.discard)
        return worker, told

    async def _hear(self, worker: Worker, reader: asyncio.StreamReader, told: "asyncio.Future[Any]") -> None:
        """Take in what a worker says, until it says no more."""
        with suppress(OSError):
            while (line := await reader.readline()).endswith(b"\n"):
                kind, content = received(line)
                if kind == "ready":
                    worker.since = monotonic()
                    if not told.done():
                        told.set_result(content)
                elif kind == "metrics":
                    worker.answers(content)
                else:
                    for other in self._workers - {worker}:
                        other.send(line)

    async def _keep(self, worker: Worker | None) -> int:
        """Start a worker again whenever it has ended; return its status where none is left and it cannot start."""
        quick = 0
        while True:
            if worker is None:
                worker, _ = await self._start()
            status = await worker.process.wait()
            self._forget(worker)
            if worker.since is None and not any(other.since for other in self._workers):
                return status
            steady = worker.since is not None and monotonic() - worker.since >= STEADY_S
            quick = 0 if steady else quick + 1
            pause_s = min(2.0 ** (quick - 2), LONGEST_PAUSE_S) if quick > 1 else 0.0
            log.warning("a worker has ended", worker=worker.process.pid, status=status, started_again_in_s=pause_s)
            self._restarts += 1
            await asyncio.sleep(pause_s)
            worker = None

    def _forget(self, worker: Worker) -> None:
        """Keep what a worker that has ended counted."""
        self._workers.discard(worker)
        worker.hang_up()
        self._ended = families(summed([self._ended, counted(worker.told)]))

    async def _ask(self) -> int:
        """Ask every worker again and again what it counts."""
        while True:
            await asyncio.sleep(ASK_S)
            for worker in self._workers:
                if worker.since is not None:
                    worker.watch()

    async def _end(self) -> None:
        """End all workers: what is under way is finished, what takes too long is cut short."""
        for own in self._sockets:
            own.close()
        workers = list(self._workers)
        for worker in workers:
            worker.signal(self._by)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_s + STOP_S):
                await asyncio.gather(*(worker.process.wait() for worker in workers))
        for worker in workers:
            worker.kill()
            await worker.process.wait()
            worker.hang_up()
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _told(self) -> list[list[Family]]:
        """Return what each worker counts now, and what those did that have ended."""
        workers = [worker for worker in self._workers if worker.since is not None]
        for worker in workers:
            worker.ask()
        with suppress(TimeoutError):
            async with asyncio.timeout(SCRAPE_S):
                await asyncio.gather(*(worker.answered.wait() for worker in workers))
        return [self._ended, *(worker.told for worker in workers)]

    def collect(self) -> Iterator[Metric]:
        """Give what the workers count together; called by the thread that answers scrapes."""
        asking = asyncio.run_coroutine_threadsafe(self._told(), self._loop)
        told = asking.result(2 * SCRAPE_S)
        yield GaugeMetricFamily("shangliang_workers", "Workers that take connections.", len(told) - 1)
        yield CounterMetricFamily("shangliang_worker_restarts", "Workers that were started again.", self._restarts)
        yield from summed(told)

    def describe(self) -> list[Metric]:
        """Say nothing: there is no worker yet when the collector is registered."""
        return []


def failure(status: int) -> int:
    """Return a worker's status as that of the command: it did not take connections, however it ended."""
    return status if status > 0 else 1


async def run(settings: Settings, addresses: DatabaseAddresses, number: int) -> int:
    """Answer HTTP by several workers until told to stop; return the exit status."""
    try:
        sockets = await listening(settings.host, settings.port)
    except OSError as error:
        logging.getLogger("uvicorn.error").error(error)  # noqa: TRY400 -- the words of one process that cannot
        return PORT_TAKEN
    workers = Workers(settings, addresses, sockets)
    for name in stopping():
        asyncio.get_running_loop().add_signal_handler(name, workers.stop, name)
    with ExitStack() as stack:
        for own in sockets:
            stack.enter_context(closing(own))
        registry = CollectorRegistry()
        registry.register(workers)
        stack.enter_context(served(registry, host=settings.host, port=settings.metrics_port))
        return await workers.run(number)


async def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at a port. Raises OSError."""
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port, start_serving=False)
    sockets = [socket.socket(fileno=os.dup(one.fileno())) for one in server.sockets]
    server.close()
    for own in sockets:
        own.listen(BACKLOG)
    return sockets
