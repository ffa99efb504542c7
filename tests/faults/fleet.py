"""Relays as processes: as many as wanted are kept up, whatever becomes of them."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.migrations.grants import Login
from tests.servers import login_url

PROGRAM = Path(__file__).with_name("relay_program.py")
SETTINGS = {"window": 10, "confirm_timeout_s": 2}
"""A small window, since a death repeats at most one batch."""

AGAIN_S = 0.2
"""After which a relay that found no database at its start is started again."""


class Fleet:
    """Relays of one schedule. One that ends is started anew, until the fleet is ended."""

    def __init__(self, database_url: str, amqp_url: str, directory: Path, injected: Counter[str]) -> None:
        self.database_url = database_url
        self.amqp_url = amqp_url
        self._directory = directory
        self._injected = injected
        self._deaths: Iterator[Mapping[str, Any]] = iter(())
        self._keepers: list[asyncio.Task[None]] = []
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._stopped: set[int] = set()
        self._ending = False
        self.crashes: list[str] = []
        """Relays that ended by themselves, which they never should."""

    def start(self, count: int, deaths: Iterator[Mapping[str, Any]] | None = None) -> None:
        """Keep so many relays; each that starts takes the next of the deaths, while there are any."""
        self._deaths = deaths or iter(())
        self._keepers = [asyncio.create_task(self._keep(slot)) for slot in range(count)]

    async def _keep(self, slot: int) -> None:
        """Keep one relay running."""
        while not self._ending:
            death = next(self._deaths, {})
            told = json.dumps({**SETTINGS, **death})
            urls = login_url(self.database_url, Login.RELAY), self.amqp_url
            with (self._directory / f"relay-{slot}.log").open("ab") as log:
                self._processes[slot] = process = await asyncio.create_subprocess_exec(
                    sys.executable, str(PROGRAM), *urls, told, stdout=log, stderr=log
                )
            code = await process.wait()
            self._stopped.discard(process.pid)
            if code == os.EX_TEMPFAIL:
                await asyncio.sleep(AGAIN_S)
            elif code not in {-signal.SIGKILL, -signal.SIGTERM, 0}:  # asked to end before it could hear
                self.crashes.append(f"relay {slot} ended with {code}")
            elif code and death:
                self._injected[f"died when {death['at']}"] += 1

    def kill(self, slot: int) -> None:
        """Kill one relay, stopped or not."""
        self._signal(slot, signal.SIGKILL)
        self._injected["relay killed"] += 1

    def stop(self, slot: int) -> None:
        """Stop one relay where it stands, as a machine that swaps or a laptop that sleeps does."""
        self._signal(slot, signal.SIGSTOP)
        self._stopped.add(self._processes[slot].pid)
        self._injected["relay stopped"] += 1

    def resume(self, slot: int) -> None:
        """Let a stopped relay go on from where it stood."""
        self._signal(slot, signal.SIGCONT)
        self._stopped.discard(self._processes[slot].pid)

    def retire(self, slot: int) -> None:
        """Ask one relay to end, as a deployment does."""
        self._signal(slot, signal.SIGTERM)
        self._injected["relay retired"] += 1

    def _signal(self, slot: int, number: signal.Signals) -> None:
        process = self._processes[slot]
        if process.returncode is None:
            process.send_signal(number)

    def calm(self) -> None:
        """Nothing happens to relays any longer."""
        self._deaths = iter(())
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)
        self._stopped.clear()

    async def end(self) -> None:
        """No relay is left."""
        self._ending = True
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*self._keepers)
