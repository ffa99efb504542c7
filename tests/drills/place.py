"""Where drills are played: the commands of this version, and of others, over a database of their own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.addresses import variable_of
from services.migrations.grants import Login
from tests.servers import login_url

ROOT = Path(__file__).parents[2]
START_S = 90.0


@dataclass
class Place:
    """A database, and where processes have their files; `more` are variables of their environment."""

    url: str
    directory: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a process, without its port."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
        logins = {variable_of(login): login_url(self.url, login) for login in Login}
        return {
            **own,
            **logins,
            "SHANGLIANG_DATABASE_URL": self.url,
            "SHANGLIANG_SIGNING_KEY_FILE": str(self.directory / "key.pem"),
            "SHANGLIANG_STATE_DIR": str(self.directory / "state"),
            "SHANGLIANG_TRUSTED_PROXIES": "127.0.0.1",
            **self.more,
        }

    async def command(self, version: Path, *words: str) -> str:
        """Return what a command of a version prints. Raises RuntimeError where it fails."""
        process = await self.start(version, *words, printed=True)
        printed, _ = await process.communicate()
        if process.returncode:
            said = (self.directory / "log").read_text()[-2000:]
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {said}")
        return printed.decode()

    async def serve(self, version: Path, port: int, **variables: str) -> asyncio.subprocess.Process:
        """Start an API process of a version; return it when it is ready. Raises TimeoutError."""
        process = await self.start(version, "serve", variables={"SHANGLIANG_PORT": str(port), **variables})
        async with asyncio.timeout(START_S), httpx.AsyncClient(trust_env=False) as client:
            while True:
                with suppress(httpx.TransportError):
                    if (await client.get(f"http://127.0.0.1:{port}/readyz")).is_success:
                        return process
                await asyncio.sleep(0.1)

    async def start(
        self, version: Path, *words: str, printed: bool = False, variables: Mapping[str, str] | None = None
    ) -> asyncio.subprocess.Process:
        """Start a command of a version; what it says is in the file `log`, and what it prints, unless that is read."""
        with (self.directory / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "deploy", *words,
                cwd=version, stdout=asyncio.subprocess.PIPE if printed else log, stderr=log,
                env={**self.variables, "PYTHONPATH": str(version), **(variables or {})},
            )  # fmt: skip


async def end(*processes: asyncio.subprocess.Process) -> None:
    """End what still runs, as an operator does."""
    for process in processes:
        if process.returncode is None:
            process.terminate()
    for process in processes:
        await process.wait()
