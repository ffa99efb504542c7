"""GraphQL over server-sent events, distinct connections mode: one operation a response.

Its page: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import lru_cache

import orjson
from starlette.types import Receive, Send

from graph.errors import refused
from graph.http.attendance import left
from graph.http.auth import Speaker
from graph.http.negotiation import media_ranges
from graph.http.parts import write
from graph.operations import RequestRefused
from services.core.security import SecurityEvent, note
from services.core.tokens import InvalidToken
from services.notices.hub import HubClosed

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_S = 12.0
"""How often a comment goes over a silent stream."""
COMMENT = b":\n\n"
NEXT = b"event: next\ndata: %b\n\n"
COMPLETE = b"event: complete\ndata: \n\n"


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


@lru_cache(maxsize=256)
def accepts_stream(accept: str) -> bool:
    """Return whether an Accept header names event streams; `*/*` does not ask for one."""
    return media_ranges(accept).get(EVENT_STREAM, 0.0) > 0


class EventStream:
    """A response that brings an operation's results as they come, until the speaker's token ends."""

    def __init__(self, results: AsyncGenerator[bytes, None], speaker: Speaker) -> None:
        self._results = results
        self._speaker = speaker

    async def send(self, receive: Receive, send: Send) -> None:
        """Send results until the operation or the client ends; a stream without `complete` is to be asked for again."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        leaving, ending = asyncio.create_task(left(receive)), asyncio.create_task(self._speaker.ended())
        try:
            async with aclosing(self._results):
                await write(send, COMMENT, more=True)
                while (result := await self._next(leaving, ending, send)) is not None:
                    await write(send, NEXT % result, more=True)
            await write(send, COMPLETE, more=True)
        except RequestRefused as error:
            await write(send, NEXT % orjson.dumps({"errors": error.errors}) + COMPLETE, more=True)
        except InvalidToken as error:
            note(SecurityEvent.SIGN_IN_REFUSED, reason=error.reason)
            await write(send, NEXT % orjson.dumps({"errors": [refused(error)]}) + COMPLETE, more=True)
        except HubClosed:
            pass
        finally:
            leaving.cancel()
            ending.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, leaving: asyncio.Task[None], ending: asyncio.Task[InvalidToken], send: Send) -> bytes | None:
        """Return the next result, None after the last or when the client has left. Raises InvalidToken."""
        coming = asyncio.ensure_future(anext(self._results, None))
        try:
            while not coming.done():
                await asyncio.wait({coming, leaving, ending}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
                if leaving.done():
                    return None
                if ending.done():
                    raise ending.result()
                if not coming.done():
                    self._speaker.actor()
                    await write(send, COMMENT, more=True)
            return coming.result()
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
