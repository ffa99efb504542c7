"""Coroutines of one transaction side by side: what each of them asks the database goes out in one flight."""

from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from types import coroutine
from typing import Any

Work = Coroutine[Any, Any, Any]

LANDING = object()
"""What a coroutine yields that waits for the flight."""


@coroutine
def landing() -> Generator[object, None, None]:
    """Wait until whoever gathers coroutines has flown what they sent."""
    yield LANDING


def gone_on(one: Work) -> Generator[Any, Any, tuple[bool, Any]]:
    """Go on with a coroutine until it waits for the flight or ends; return whether it has, and its result."""
    try:
        what = one.send(None)
        while what is not LANDING:  # it waits for something else
            try:
                yield what
            except BaseException as error:  # noqa: BLE001 -- it may go on
                what = one.throw(error)
            else:
                what = one.send(None)
    except StopIteration as end:
        return True, end.value
    return False, None


@coroutine
def gathered(work: Sequence[Work], fly: Callable[[], Awaitable[None]]) -> Generator[Any, Any, tuple[Any, ...]]:
    """Run coroutines until each has ended, and fly whenever all that have not wait for it; return their results.

    They are stepped in order. Raises the error of the first in this order that fails: those behind it are not gone on
    with, those before it end first.
    """
    results: list[Any] = [None] * len(work)
    going, failure = list(range(len(work))), None
    try:
        while going:
            landed, going = going, []
            for number in landed:
                try:
                    ended, results[number] = yield from gone_on(work[number])
                except Exception as error:  # noqa: BLE001 -- those before it end first
                    failure = error
                    break
                if not ended:
                    going.append(number)
            if going:
                yield from fly().__await__()
    finally:
        for one in work:
            one.close()
    if failure is not None:
        raise failure
    return tuple(results)
