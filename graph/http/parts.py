"""Long answers leave part by part: between two parts whoever else waits has a turn."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from starlette.types import Send
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

PART = 1 << 18
"""How many bytes are handed to a connection at once."""

IN_BYTES = "shangliang.websocket.bytes"
"""The extension, named in a connection's scope, by which a text may be sent as its bytes in UTF-8, under this key."""


def parts(body: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield a body's parts, and whether another follows; one of an empty body."""
    if len(body) <= PART:
        yield body, False
        return
    whole = memoryview(body)
    for begin in range(0, len(body), PART):
        yield bytes(whole[begin : begin + PART]), begin + PART < len(body)


async def write(send: Send, body: bytes, *, more: bool = False) -> None:
    """Send a response's body, or with `more` what others follow."""
    for part, follows in parts(body):
        await send({"type": "http.response.body", "body": part, "more_body": follows or more})
        if follows:
            await asyncio.sleep(0)


class FragmentingWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that takes texts as bytes, and sends long ones as fragments (RFC 6455, 5.4)."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- uvicorn's
        super().__init__(*arguments, **named)
        self._texts = asyncio.Lock()

    def handle_connect(self, event: Any) -> None:  # noqa: ANN401 -- uvicorn's
        """Begin, with the extension named."""
        super().handle_connect(event)
        if not self.handshake_complete:  # else it is refused
            self.scope["extensions"][IN_BYTES] = {}

    async def send(self, message: Any) -> None:  # noqa: ANN401 -- uvicorn's
        """Send a message. Raises ClientDisconnected."""
        if IN_BYTES not in message:
            await super().send(message)
            return
        async with self._texts:
            send_part: Callable[[bytes, bool], None] = self.conn.send_text
            for part, follows in parts(message[IN_BYTES]):
                await self.writable.wait()
                if self.disconnected or self.close_sent:
                    raise ClientDisconnected
                try:
                    send_part(part, not follows)
                except InvalidState:
                    raise ClientDisconnected from None
                self.transport.write(b"".join(self.conn.data_to_send()))
                send_part = self.conn.send_continuation
                if follows:
                    await asyncio.sleep(0)
