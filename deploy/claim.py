"""The right to be the one demonstration of a state directory, and an end for what a killed one has left."""

import fcntl
import json
import os
import secrets
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.servers import processes

_FILE = "demo.json"
_END_S = 15.0


@dataclass(frozen=True)
class Run:
    """One run of the demonstration; what a killed run has left is known by the id, which the next one takes over."""

    id: str
    pid: int
    address: str

    @property
    def mark(self) -> dict[str, str]:
        """The variable in the environment of each process that the run starts, by which it is known for the run's."""
        return {"SHANGLIANG_DEMO_RUN": self.id}


class Claim:
    """Held by one living process at a time; the kernel frees it when its holder dies, whatever the cause."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: int | None = None

    def take(self, address: str) -> Run | None:
        """Return the run that this object may begin, on record from now on; None where another living one has begun."""
        self._directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        self._lock = lock
        killed = self._recorded()
        run = Run(killed.id if killed else secrets.token_hex(16), os.getpid(), address)
        file = self._directory / f"{_FILE}.new"
        file.write_text(json.dumps(asdict(run), indent=2))
        file.replace(self._directory / _FILE)
        return run

    def release(self) -> None:
        """Nobody holds the claim through this object, and nothing tells of its run."""
        if self._lock is not None:
            (self._directory / _FILE).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def holder(self) -> Run | None:
        """The run that holds the claim; None where it is not on record yet."""
        run = self._recorded()
        return run if run and processes.alive(run.pid) else None

    def _recorded(self) -> Run | None:
        try:
            return Run(**json.loads((self._directory / _FILE).read_text()))
        except FileNotFoundError:
            return None


def end_left(run: Run) -> int:
    """The processes that a killed run has left to this one have ended; return how many there were."""
    left = processes.started_with("=".join(*run.mark.items()))
    for pid in left:
        processes.end(pid, signal.SIGTERM, timeout_s=_END_S)
    return len(left)
