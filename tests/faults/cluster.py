"""A cluster of private RabbitMQ nodes on this machine, each of which may be killed and comes back."""

import asyncio
import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from deploy.servers import broker_files, processes
from deploy.servers.broker_files import Node
from deploy.servers.directory import write_private
from deploy.servers.rabbitmq import PrivateRabbitMQ
from tests.events.tools import until

SIZE = 3
SECRET = "of-the-cluster"
"""The cookie, by which nodes know one another, and the password of the account that all have."""
PATIENCE_S = 120.0


class Cluster:
    """Its nodes' files are those of private nodes, but for one port mapper, one cookie and the names of all."""

    def __init__(self, directory: Path, size: int = SIZE, *, settings: str = "") -> None:
        """`settings` are further lines of each node's configuration."""
        self.directories = [directory / f"node-{number}" for number in range(size)]
        self._settings = settings
        self._nodes = [PrivateRabbitMQ(path) for path in self.directories]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._epmd: subprocess.Popen[bytes] | None = None

    @property
    def urls(self) -> list[str]:
        """Where each node is."""
        return [node.url for node in self._nodes]

    @property
    def pids(self) -> list[int]:
        """The processes of the nodes that run."""
        return [process.pid for process in self._running.values()]

    @property
    def api_url(self) -> str:
        """Where the management API of a node that runs is."""
        return self._nodes[min(self._running)].api_url

    async def start(self) -> None:
        """All nodes answer, and each knows of the others."""
        places = self._write_files()
        self._epmd = subprocess.Popen(  # noqa: ASYNC220, S603 -- the installation's own program, which stays
            [shutil.which("epmd") or "epmd", "-port", str(places[0].epmd_port)],
            cwd=self.directories[0],
            env=broker_files.environment(places[0]),
        )
        for number in range(len(self.directories)):
            self._begin(number)
        for node in self._nodes:
            await asyncio.to_thread(node.wait_ready, PATIENCE_S)
        await until(self._whole, PATIENCE_S)

    def _write_files(self) -> list[Node]:
        """Each node's first start finds all that it needs; return the nodes."""
        first = Node.new(self.directories[0])
        places = [first, *(replace(Node.new(path), epmd_port=first.epmd_port) for path in self.directories[1:])]
        names = "".join(
            f"cluster_formation.classic_config.nodes.{number} = {place.name}\n" for number, place in enumerate(places)
        )
        for path, place in zip(self.directories, places, strict=True):
            (path / "home").mkdir(mode=0o700, parents=True)
            write_private(path / "home" / ".erlang.cookie", SECRET)
            write_private(path / "password", SECRET)
            place.save(path)
            broker_files.write_files(path, place, SECRET)
            with (path / "rabbitmq.conf").open("a") as file:
                file.write(f"cluster_formation.peer_discovery_backend = classic_config\n{names}{self._settings}")
        return places

    def _begin(self, number: int) -> None:
        """The process of a node has begun."""
        path, server = self.directories[number], PrivateRabbitMQ.installed()
        place = Node.load(path)
        assert place is not None
        with self._nodes[number].log_file.open("ab") as log:
            self._running[number] = process = subprocess.Popen(  # noqa: S603 -- the installation's own program
                [str(server)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=path,
                env=broker_files.environment(place), start_new_session=True,
            )  # fmt: skip
        replace(place, broker_pid=process.pid).save(path)

    async def kill_leader(self, queue_name: str) -> int:
        """The node that leads a queue is dead, with nothing flushed; return its number."""
        leader = (await self._queue(queue_name))["leader"]
        (number,) = [one for one, path in enumerate(self.directories) if _name(path) == leader]
        await asyncio.to_thread(self._kill, number)
        return number

    def _kill(self, number: int) -> None:
        process = self._running.pop(number)
        processes.end(process.pid, signal.SIGKILL, timeout_s=PATIENCE_S)
        process.wait()

    async def bring_back(self, number: int) -> None:
        """A killed node runs again, and every queue has all its members."""
        self._begin(number)
        await asyncio.to_thread(self._nodes[number].wait_ready, PATIENCE_S)
        await until(self._whole, PATIENCE_S)

    async def restart(self, timeout_s: float = PATIENCE_S) -> None:
        """All nodes were killed at once and run again, and every queue has all its members. Raises TimeoutError."""
        killed = sorted(self._running)
        await asyncio.gather(*(asyncio.to_thread(self._kill, number) for number in killed))
        for number in killed:
            self._begin(number)
        for node in self._nodes:
            await asyncio.to_thread(node.wait_ready, timeout_s)
        await until(self._whole, timeout_s)

    async def remove(self) -> None:
        """Nothing is left of it."""
        for number in list(self._running):
            await asyncio.to_thread(self._kill, number)
        if self._epmd is not None:
            self._epmd.terminate()
            self._epmd.wait()
        for path in self.directories:
            shutil.rmtree(path, ignore_errors=True)

    async def _whole(self) -> bool:
        """Tell whether every node runs, and a member of every quorum queue on each."""
        nodes, queues = await self._read("/api/nodes"), await self._read("/api/queues")
        members = [len(queue.get("online", [])) for queue in queues if queue["type"] == "quorum"]
        size = len(self._nodes)
        return len([node for node in nodes if node["running"]]) == size and set(members) <= {size}

    async def _queue(self, name: str) -> dict[str, Any]:
        """Return what a node tells of a queue."""
        (found,) = [queue for queue in await self._read("/api/queues") if queue["name"] == name]
        return found

    async def _read(self, path: str) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=self.api_url, timeout=30) as client:
            response = await client.get(path)
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        return found


def _name(directory: Path) -> str:
    """Return the name of a directory's node."""
    place = Node.load(directory)
    assert place is not None
    return place.name
