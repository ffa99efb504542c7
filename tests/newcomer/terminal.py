"""A terminal with one command in it: what it shows, Ctrl-C, and its window's end."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Sequence
from typing import Self

CTRL_C = b"\x03"
POLL_S = 0.2


class Terminal:
    """Holds the window's side of a pseudo-terminal."""

    def __init__(self, command: Sequence[str]) -> None:
        self._window, screen = pty.openpty()
        self.began = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 -- the caller's command
            command, stdin=screen, stdout=screen, stderr=screen, start_new_session=True
        )
        os.close(screen)
        self._shown = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the command, whatever it does."""
        self.hang_up()
        self._process.kill()
        self._process.wait()

    @property
    def shown(self) -> str:
        """What has been shown so far."""
        return self._shown.decode(errors="replace").replace("\r\n", "\n")

    @property
    def seconds(self) -> float:
        """How long ago the command was entered."""
        return time.monotonic() - self.began

    @property
    def ended(self) -> bool:
        """Whether the command has ended."""
        return self._process.poll() is not None

    def wait_for(self, text: str, timeout_s: float) -> bool:
        """Return whether the text was shown before the command's end and in time."""
        deadline = time.monotonic() + timeout_s
        while text not in self.shown:
            ended = self.ended
            if not self._read() and (ended or time.monotonic() > deadline):
                return False
        return True

    def wait(self, timeout_s: float) -> int | None:
        """Return the command's exit status; nothing when it has not ended in time."""
        deadline = time.monotonic() + timeout_s
        while not self.ended and time.monotonic() < deadline:
            self._read()
        while self._read():
            pass  # what it said last
        return self._process.returncode

    def press_ctrl_c(self) -> None:
        """Interrupt whatever runs in the foreground."""
        os.write(self._window, CTRL_C)

    def hang_up(self) -> None:
        """Close the window."""
        if self._window >= 0:
            os.close(self._window)
            self._window = -1

    def _read(self) -> bool:
        """Return whether something was shown just now."""
        try:
            ready = self._window >= 0 and select.select([self._window], [], [], POLL_S)[0]
            more = os.read(self._window, 65_536) if ready else b""
        except OSError:  # nobody has the other side any longer
            time.sleep(POLL_S)
            more = b""
        self._shown += more
        return bool(more)
