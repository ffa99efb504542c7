import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
MOST_CALLBACKS = 20_000
"""What runs longer without waiting for anything outside runs for ever."""


class VirtualLoop(asyncio.AbstractEventLoop):
    """An event loop that runs when it is told to and whose time passes when it is told to; also the clock."""

    def __init__(self) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[asyncio.TimerHandle] = []
        self._seconds = 0.0
        self.complaints: list[dict[str, Any]] = []

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self._seconds)

    def time(self) -> float:
        return self._seconds

    def settle(self) -> None:
        """Run until everything waits."""
        asyncio._set_running_loop(self)  # noqa: SLF001 -- made for loops
        try:
            for _ in range(MOST_CALLBACKS):
                if not self._ready:
                    return
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 -- made for loops
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001 -- made for loops
        raise AssertionError("it runs without end")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        due = [timer for timer in self._timers if timer.when() <= self._seconds]
        self._timers = [timer for timer in self._timers if timer.when() > self._seconds and not timer.cancelled()]
        due.sort(key=lambda timer: timer.when())
        self._ready.extend(due)
        self.settle()

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._seconds + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._timers.append(timer)
        return timer

    def _timer_handle_cancelled(self, timer: asyncio.TimerHandle) -> None:
        """A cancelled timer goes when time passes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Coroutine[Any, Any, Any] | Generator[Any, None, Any], **options: Any
    ) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, **options)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.complaints.append(context)


class Ledger:
    """Stands for the log: only what says that the code itself failed is kept."""

    def __init__(self) -> None:
        self.failures: list[object] = []

    def info(self, _event: str, **_values: object) -> None:
        pass

    error = info

    def warning(self, _event: str, **values: object) -> None:
        if values.get("what") in {"relay", "intake"}:
            self.failures.append(values.get("exc_info"))
