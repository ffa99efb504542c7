"""Processes by their ids, as /proc shows them: they may have been started by somebody else."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.02
_CHANGING_S = 0.2
_LOCAL, _STATE, _INODE, _LISTENING = 1, 3, 9, "0A"
"""Columns of /proc/net/tcp, and a listener's state there."""


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie, which only waits for its parent, does not."""
    try:
        status = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return False
    # The name in brackets may itself hold spaces and brackets: the state is the first word after the last one.
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def command_line(pid: int) -> list[str]:
    """The process's arguments; empty when it is gone."""
    return _words(pid, "cmdline")


def environment(pid: int) -> list[str]:
    """The `NAME=value` words the process was started with; empty when it is gone or somebody else's."""
    return _words(pid, "environ")


def _words(pid: int, file: str) -> list[str]:
    """The words of a process's file; one that is just taking on another program shows none for a moment."""
    found: list[str] = []

    def shown() -> bool:
        with contextlib.suppress(OSError):
            content = (_PROC / str(pid) / file).read_bytes()
            found.extend(word.decode(errors="replace") for word in content.split(b"\0") if word)
        return bool(found) or not alive(pid)

    wait_until(shown, _CHANGING_S)
    return found


def working_in(directory: Path) -> list[int]:
    """The running processes whose working directory is the given one or beneath it."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(directory):
                    found.append(int(entry.name))
    return found


def started_with(word: str) -> list[int]:
    """The running processes that were started with a `NAME=value` word in their environment."""
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    wanted = word.encode()
    found = []
    for pid in pids:
        with contextlib.suppress(OSError):
            if wanted in (_PROC / str(pid) / "environ").read_bytes().split(b"\0") and alive(pid):
                found.append(pid)
    return found


def listens(pid: int, port: int) -> bool:
    """Whether the process itself listens on a TCP port of this machine."""
    sockets: set[str] = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (_PROC / str(pid) / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[_STATE] == _LISTENING and int(words[_LOCAL].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{words[_INODE]}]")
    for entry in (_PROC / str(pid) / "fd").iterdir() if alive(pid) else ():
        with contextlib.suppress(OSError):
            if str(entry.readlink()) in sockets:
                return True
    return False


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Wait until the condition holds; False when it still does not after the given time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def end(pid: int, gentle: signal.Signals, *, timeout_s: float) -> None:
    """The process is gone: asked by the gentle signal first, killed when it has not gone in time."""
    for number in (gentle, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(lambda: not alive(pid), timeout_s):
            return
