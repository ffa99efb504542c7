"""The service as its own process, as an operator starts it."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from deploy.addresses import setting_of
from deploy.servers.directory import free_port
from services.migrations.grants import Login
from tests.servers import DIRECTORY, login_url

START_S = 90.0
STOP_S = 15.0


@dataclass(frozen=True)
class Served:
    """A running service."""

    process: Process
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def http(self) -> str:
        return f"{self.address}/graphql"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"


@asynccontextmanager
async def serving(
    database_url: str, key: Path, log: int | None = None, module: str = "deploy", /, **settings: str
) -> AsyncIterator[Served]:
    """Run `shangliang serve` over a migrated database until the block ends; its tokens are of the key's issuer.

    `log` is the descriptor that it logs to; `module` has the command line. Its port is a free one unless it is told.
    """
    port = int(settings.get("port") or free_port())
    own = {setting_of(login): login_url(database_url, login) for login in (Login.READ, Login.WRITE)}
    given = {**own, "signing_key_file": str(key), "port": str(port), "drain_s": "0", **settings}
    async with running(module, "serve", stderr=log, settings=given) as process:
        served = Served(process, port)
        await answering(process, f"{served.address}/readyz")
        yield served


class Standing:
    """The service on one port, which may be stopped and started again."""

    def __init__(self, database_url: str, key: Path, **settings: str) -> None:
        self.port = free_port()
        self._start = partial(serving, database_url, key, port=str(self.port), **settings)
        self._running = AsyncExitStack()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it; return when it answers."""
        await self._running.enter_async_context(self._start())

    async def stop(self) -> None:
        """Stop it, as an operator does; return when it has ended."""
        await self._running.aclose()


@asynccontextmanager
async def running(
    module: str, *words: str, stdout: int | None = None, stderr: int | None = None, settings: Mapping[str, str]
) -> AsyncIterator[Process]:
    """Run a module as its own process, with these settings of the service and no others, until the block ends."""
    kept = {name for name in os.environ if not name.startswith("SHANGLIANG_")} | {DIRECTORY}
    own = {name: value for name, value in os.environ.items() if name in kept}
    environment = {**own, **{f"SHANGLIANG_{name.upper()}": value for name, value in settings.items()}}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        env=environment,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,  # the kernel shares cores among sessions; clients are elsewhere
    )
    try:
        yield process
    finally:
        await _stopped(process)


async def answering(process: Process, address: str) -> None:
    """Return when a process answers at an address. Raises RuntimeError where it ends instead."""
    async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
        while process.returncode is None:
            with suppress(httpx.TransportError):
                if (await client.get(address)).is_success:
                    return
            await asyncio.sleep(0.05)
    raise RuntimeError(f"The process of {address} ended with {process.returncode}.")


async def _stopped(process: Process) -> None:
    """Stop a process, by force where it does not end."""
    if process.returncode is None:
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_S)
    if process.returncode is None:
        process.kill()
        await process.wait()
