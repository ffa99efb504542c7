"""The service as its own process, as an operator starts it."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 30.0


@dataclass(frozen=True)
class Served:
    """A running service."""

    process: Process
    port: int

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(database_url: str, key: Path, **settings: str) -> AsyncIterator[Served]:
    """Run `shangliang serve` until it is ready, and stop it at the end."""
    port = free_port()
    environment = {
        **os.environ,
        "SHANGLIANG_DATABASE_URL": database_url,
        "SHANGLIANG_SIGNING_KEY_FILE": str(key),
        "SHANGLIANG_PORT": str(port),
        **{f"SHANGLIANG_{name.upper()}": value for name, value in settings.items()},
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "deploy", "serve", env=environment)
    try:
        await ready(process, port)
        yield Served(process, port)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 15)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ready(process: Process, port: int) -> None:
    """Wait until the service says that it is ready."""
    async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
        while True:
            assert process.returncode is None, "the service ended instead of starting"
            with suppress(httpx.TransportError):
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
