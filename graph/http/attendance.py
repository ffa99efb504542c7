"""What takes long is watched: when its client leaves, it ends."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

LOOK_S = 0.25
"""How often it is looked for work that takes long: what is found a second time is watched."""

T = TypeVar("T")


class Left(Exception):
    """The client has disconnected."""


async def left(receive: Receive) -> None:
    """Return when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


class _Work:
    """Work that a client waits for."""

    __slots__ = ("gone", "listening", "receive", "seen", "task")

    def __init__(self, receive: Receive, task: "asyncio.Task[object] | None") -> None:
        self.receive = receive
        self.task = task
        self.seen = False
        self.gone = False
        self.listening: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Cancel the work once the client leaves."""
        if self.listening is None and self.seen:
            self.listening = asyncio.create_task(left(self.receive))
            self.listening.add_done_callback(self._leave)
        self.seen = True

    def end(self) -> None:
        """Stop listening."""
        self.task = None
        if self.listening is not None:
            self.listening.cancel()

    def _leave(self, listening: "asyncio.Task[None]") -> None:
        if self.task is not None and not listening.cancelled() and listening.exception() is None:
            self.gone = True
            self.task.cancel()


class Attendance:
    """Work of one process that clients wait for."""

    def __init__(self) -> None:
        self._under_way: set[_Work] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def attend(self, work: Awaitable[T], receive: Receive) -> T:
        """Return the result of the work. Raises Left when the client left; the work is then cancelled."""
        one = _Work(receive, asyncio.current_task())
        self._under_way.add(one)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)
        try:
            return await work
        except asyncio.CancelledError:
            if one.gone and one.task is not None:
                one.task.uncancel()
                raise Left from None
            raise
        finally:
            one.end()
            self._under_way.discard(one)

    def _look(self) -> None:
        """Watch what takes long."""
        self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look) if self._under_way else None
        for one in self._under_way:
            one.listen()
