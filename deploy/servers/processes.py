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
