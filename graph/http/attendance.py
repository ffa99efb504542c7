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


class _Listener:
    """Listens whether the client of some work leaves, and cancels the work then."""

    def __init__(self, task: "asyncio.Task[object]", receive: Receive) -> None:
        self.gone = False
        self._task: asyncio.Task[object] | None = task
        self._listening = asyncio.create_task(left(receive))
        self._listening.add_done_callback(self._leave)

    def end(self) -> None:
        """Stop listening."""
        self._task = None
        self._listening.cancel()

    def _leave(self, listening: "asyncio.Task[None]") -> None:
        if self._task is not None and not listening.cancelled() and listening.exception() is None:
            self.gone = True
            self._task.cancel()


class Attendance:
    """Work of one process that clients wait for."""

    def __init__(self) -> None:
        self._under_way: dict[asyncio.Task[object], Receive] = {}
        self._seen: set[asyncio.Task[object]] = set()
        self._listeners: dict[asyncio.Task[object], _Listener] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def attend(self, work: Awaitable[T], receive: Receive) -> T:
        """Return the result of the work. Raises Left when the client left; the work is then cancelled."""
        task = asyncio.current_task()
        if task is None:
            raise TypeError("work is attended in a task")
        self._under_way[task] = receive
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)
        try:
            return await work
        except asyncio.CancelledError:
            if task in self._listeners and self._listeners[task].gone:
                task.uncancel()
                raise Left from None
            raise
        finally:
            del self._under_way[task]
            if task in self._listeners:
                self._listeners.pop(task).end()

    def _look(self) -> None:
        """Watch what takes long."""
        self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look) if self._under_way else None
        for task, receive in self._under_way.items():
            if task in self._seen and task not in self._listeners:
                self._listeners[task] = _Listener(task, receive)
        self._seen = set(self._under_way)
