"""GraphQL over server-sent events, distinct connections mode: one operation a response.

Its page: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graph.http.auth import Authenticator
from graph.operations import RequestRefused
from services.core.tokens import InvalidToken
from services.notices.hub import HubClosed

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_S = 12.0
"""How often a comment goes over a silent stream, and how often the caller's token is verified again."""
COMMENT = b":\n\n"
NEXT = b"event: next\ndata: %b\n\n"
COMPLETE = b"event: complete\ndata: \n\n"


def wants_stream(request: Request) -> bool:
    """Tell whether the answer is to be an event stream."""
    return EVENT_STREAM in request.headers.get("accept", "").lower()


class EventStream(Response):
    """A response that sends an operation's results as they come."""

    def __init__(self, results: AsyncGenerator[bytes, None], request: Request, authenticator: Authenticator) -> None:
        super().__init__(media_type=EVENT_STREAM, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._results = results
        self._request = request
        self._authenticator = authenticator

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send results until the operation or the client ends; a stream without `complete` is to be asked for again."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        leaving = asyncio.create_task(left(receive))
        try:
            async with aclosing(self._results):
                await write(send, COMMENT)
                while (result := await self._next(leaving, send)) is not None:
                    await write(send, NEXT % result)
            await write(send, COMPLETE)
        except RequestRefused as error:
            await write(send, NEXT % orjson.dumps({"errors": error.errors}) + COMPLETE)
        except (HubClosed, InvalidToken):
            pass
        finally:
            leaving.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, leaving: asyncio.Task[None], send: Send) -> bytes | None:
        """Return the next result, None after the last or when the client has left. Raises InvalidToken."""
        coming = asyncio.ensure_future(anext(self._results, None))
        try:
            while not coming.done():
                await asyncio.wait({coming, leaving}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
                if leaving.done():
                    return None
                if not coming.done():
                    await self._authenticator.actor(self._request)
                    await write(send, COMMENT)
            return coming.result()
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def write(send: Send, text: bytes) -> None:
    """Send a part of the stream."""
    await send({"type": "http.response.body", "body": text, "more_body": True})
