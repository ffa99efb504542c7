import asyncio
from collections.abc import Coroutine


async def drained(work: Coroutine[None, None, None], stop: asyncio.Event) -> None:
    """Do work that ends by itself once `stop` is set; a cancellation sets it and goes on when the work has ended."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await task
        raise
