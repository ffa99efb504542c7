"""The application as it is served: `shangliang serve` in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.servers.directory import free_port

READY_TIMEOUT_S = 30.0


@asynccontextmanager
async def serving(database_url: str, state: Path, **settings: str) -> AsyncIterator[str]:
    """Lend the base address of a server over a migrated database; it has stopped afterwards."""
    port = str(free_port())
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    given = {"SHANGLIANG_DATABASE_URL": database_url, "SHANGLIANG_PORT": port, "SHANGLIANG_STATE_DIR": str(state)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", "serve",
        env={**own, **given, **{f"SHANGLIANG_{name.upper()}": value for name, value in settings.items()}},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        await ready(address, process)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def ready(address: str, process: asyncio.subprocess.Process) -> None:
    """Hold that the server answers. Raises RuntimeError where it ends instead."""
    async with asyncio.timeout(READY_TIMEOUT_S), httpx.AsyncClient(base_url=address) as client:
        while process.returncode is None:
            try:
                (await client.get("/readyz")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return
    raise RuntimeError(f"The server ended with {process.returncode}.")
