"""A department whose consumers are processes that can be killed."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.events.tools import until
from tests.kit import ENVIRONMENT

PROGRAM = Path(__file__).with_name("consumer.py")


@dataclass(frozen=True, slots=True)
class Department:
    """Consumers of one inbox with one store of handled ids; each writes down under its name what it gets."""

    amqp_url: str
    directory: Path
    prefetch: int = 1
    pace_s: float = 0.0

    @asynccontextmanager
    async def consuming(self, name: str, *, dies_after: int = 0) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run a consumer until the block ends or it dies; killed at the end."""
        store, pace = str(self.directory / "store"), str(self.pace_s)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            self.amqp_url,
            store,
            name,
            str(self.prefetch),
            pace,
            str(dies_after),
            env=ENVIRONMENT,
        )
        try:
            yield process
        finally:
            await kill(process)

    def came(self, name: str) -> list[bytes]:
        """Return the bodies of all events that came to a consumer, repeated ones too."""
        return self._lines(f"{name}.came")

    def handled(self, name: str) -> list[bytes]:
        """Return the bodies of the events that a consumer's handler was given."""
        return self._lines(f"{name}.handled")

    async def until_listening(self, name: str, times: int = 1) -> None:
        """Return when a consumer has begun that often to listen, active or not. Raises TimeoutError."""

        async def listens() -> bool:
            return sum(b"listening to the inbox" in line for line in self._lines(f"{name}.log")) >= times

        await until(listens)

    async def until_handled(self, name: str, count: int) -> None:
        """Return when a consumer's handler was given that many events. Raises TimeoutError."""

        async def enough() -> bool:
            return len(self.handled(name)) >= count

        await until(enough)

    def _lines(self, name: str) -> list[bytes]:
        path = self.directory / name
        return path.read_bytes().splitlines() if path.exists() else []


async def kill(process: asyncio.subprocess.Process) -> None:
    """The process is dead by SIGKILL, unless it has ended before."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.wait()
