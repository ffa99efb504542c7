"""Ends from outside: a request to end, and the end of the terminal, do what Ctrl-C does."""

import signal
from types import FrameType


def stopping() -> list[signal.Signals]:
    """Return the signals that ask a process to stop; nohup's wish to outlive the terminal is kept."""
    names = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    return [name for name in names if name != signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN]


class Interrupts:
    """Turns the first of the other signals into Ctrl-C, so that whatever a command started is stopped in order.

    What a shell starts in the background ignores Ctrl-C, which counts here all the same.
    """

    def __init__(self) -> None:
        self._others = stopping()[1:]
        self._by: int | None = None

    def listen(self) -> None:
        """From now on they count."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for name in self._others:
            signal.signal(name, self._interrupt)

    def pass_on(self) -> None:
        """End this process by the signal that it was stopped by, as its starter expects; else nothing happens."""
        if self._by is not None:
            signal.signal(self._by, signal.SIG_DFL)
            signal.raise_signal(self._by)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self._by = number
        for name in self._others:
            signal.signal(name, signal.SIG_IGN)
        signal.raise_signal(signal.SIGINT)


def ignore_all() -> None:
    """What is being stopped is stopped undisturbed."""
    for name in stopping():
        signal.signal(name, signal.SIG_IGN)
