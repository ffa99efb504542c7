"""GraphQL over WebSocket, the sub-protocol graphql-transport-ws: many operations over one connection.

Its page: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from graph.budgets import AtOnce, TooMany
from graph.engine import GraphQLRequest
from graph.http.auth import Authenticator, Speaker
from graph.http.issuer import IssuerAway
from graph.http.messages import well_formed
from graph.http.parts import IN_BYTES
from graph.language import READER, asked_for, language
from graph.operations import RequestRefused
from graph.subscriptions import Subscriptions
from services.core.codes import Code
from services.core.errors import Unauthenticated
from services.core.security import SecurityEvent, note
from services.core.tokens import InvalidToken
from services.core.words import Words
from services.notices.hub import HubClosed

PROTOCOL = "graphql-transport-ws"
INIT_TIMEOUT_S = 10.0
SEND_TIMEOUT_S = 30.0
"""How long sending one message may take before the client is given up."""
MOST_OPERATIONS = 100
"""Operations at once over one connection."""
MANY_OPERATIONS = Words("At most {most} operations run over one connection.", "一个连接最多同时进行{most}个操作。")
REASON_BYTES = 123
"""What a close frame has room for."""

GOING_AWAY = 1001
TRY_AGAIN_LATER = 1013
BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
INIT_TIMED_OUT = 4408
SUBSCRIBER_EXISTS = 4409
TOO_MANY_INITS = 4429


class Closing(Exception):
    """The connection ends with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:REASON_BYTES].decode(errors="ignore")


class Gone(Exception):
    """The client has left."""


def forbidden(error: InvalidToken) -> Closing:
    """Return how to close a connection whose token is invalid or has expired."""
    return Closing(FORBIDDEN, f"Forbidden: {error.message}")


async def expire(speaker: Speaker) -> None:
    """Wait until the token has ended. Raises Closing."""
    error = await speaker.ended()
    note(SecurityEvent.SIGN_IN_REFUSED, reason=error.reason)
    raise forbidden(error)


class WebSocketEndpoint:
    """Runs operations over WebSockets."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        authenticator: Authenticator,
        *,
        init_timeout_s: float = INIT_TIMEOUT_S,
        at_once: AtOnce | None = None,
    ) -> None:
        self._sockets = (at_once or AtOnce()).sockets
        self._subscriptions = subscriptions
        self._authenticator = authenticator
        self._init_timeout_s = init_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end."""
        connection = Connection(scope, receive, send, self._subscriptions, self._authenticator)
        try:
            with self._sockets.one():
                await connection.serve(self._init_timeout_s)
        except TooMany as error:
            await connection.refuse(Closing(TRY_AGAIN_LATER, str(error)))


class Connection:
    """One WebSocket: its caller once it has said who it is, and the operations under way."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        subscriptions: Subscriptions,
        authenticator: Authenticator,
    ) -> None:
        self._scope = scope
        self._receive = receive
        self._asgi_send = send
        self._in_bytes = IN_BYTES in scope.get("extensions", {})
        self._subscriptions = subscriptions
        self._authenticator = authenticator
        self._initialised = False
        self._speaker: Speaker | None = None
        self._deadline: float | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def refuse(self, closing: Closing) -> None:
        """Close the connection before anything is said."""
        await self._receive()
        await self._asgi_send({"type": "websocket.accept"})
        await self._close(closing)

    async def serve(self, init_timeout_s: float) -> None:
        """Take messages until either side leaves."""
        await self._receive()
        if PROTOCOL not in self._scope["subprotocols"]:
            await self._asgi_send({"type": "websocket.accept"})
            await self._close(Closing(SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable"))
            return
        await self._asgi_send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        self._deadline = asyncio.get_running_loop().time() + init_timeout_s
        try:
            async with asyncio.TaskGroup() as operations:
                while True:
                    await self._take(await self._message(), operations)
        except* Closing as group:
            closing = group.exceptions[0]
            if isinstance(closing, Closing):
                await self._close(closing)
        except* (Gone, OSError):
            pass

    async def _close(self, closing: Closing) -> None:
        """End the connection."""
        with suppress(OSError):
            await self._asgi_send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})

    async def _message(self) -> Mapping[str, Any]:
        """Return the next message. Raises Gone, Closing."""
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    event = await self._receive()
                break
            except TimeoutError:
                raise Closing(INIT_TIMED_OUT, "Connection initialisation timeout") from None
        if event["type"] == "websocket.disconnect":
            raise Gone
        try:
            message = orjson.loads(event.get("text") or b"")
        except orjson.JSONDecodeError:
            message = None
        if not isinstance(message, dict):
            raise Closing(BAD_REQUEST, "A message is a JSON object in a text frame")
        return message

    async def _take(self, message: Mapping[str, Any], operations: asyncio.TaskGroup) -> None:
        """Do what a message asks for."""
        match message:
            case {"type": "connection_init"}:
                await self._initialise(message.get("payload"), operations)
            case {"type": "ping"}:
                answer = {"payload": message["payload"]} if "payload" in message else {}
                await self._send(orjson.dumps({"type": "pong", **answer}))
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(key), "payload": dict(payload)} if key:
                await self._subscribe(key, payload, operations)
            case {"type": "complete", "id": str(key)}:
                if key in self._running:
                    self._running.pop(key).cancel()
            case _:
                raise Closing(BAD_REQUEST, "Invalid message: its type is unknown or a field is missing")

    async def _initialise(self, payload: object, operations: asyncio.TaskGroup) -> None:
        """Authenticate the caller by the token in the payload or in the request's header. Raises Closing."""
        if self._initialised:
            raise Closing(TOO_MANY_INITS, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Closing(BAD_REQUEST, "The payload of connection_init is an object")
        fields = {str(name).lower(): value for name, value in (payload or {}).items()}
        sent = dict(self._scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if accept := fields.get("acceptlanguage"):
            READER.set(asked_for(str(accept)))
        self._initialised = True
        try:
            self._speaker = await self._authenticator.speaker(str(fields.get("authorization") or sent) or None)
        except InvalidToken as error:
            raise forbidden(error) from error
        except IssuerAway as error:
            raise Closing(TRY_AGAIN_LATER, error.message) from error
        self._deadline = None
        operations.create_task(expire(self._speaker))
        await self._send(b'{"type":"connection_ack"}')

    async def _subscribe(self, key: str, payload: dict[str, Any], operations: asyncio.TaskGroup) -> None:
        """Start an operation. Raises Closing."""
        if self._speaker is None:
            note(SecurityEvent.ACT_REFUSED, act="subscribe", reason=Unauthenticated.code)
            raise Closing(UNAUTHORIZED, "Unauthorized")
        if key in self._running:
            raise Closing(SUBSCRIBER_EXISTS, f"Subscriber for {key} already exists")
        if len(self._running) >= MOST_OPERATIONS:
            note(SecurityEvent.LIMIT_MET, reason="TOO_MANY_OPERATIONS")
            message = MANY_OPERATIONS(most=MOST_OPERATIONS).told(language())
            too_many = {"message": message, "extensions": {"code": Code.TOO_MANY_OPERATIONS}}
            await self._send(orjson.dumps({"id": key, "type": "error", "payload": [too_many]}))
            return
        try:
            request = well_formed(payload)
        except HTTPException as error:
            raise Closing(BAD_REQUEST, error.detail) from error
        self._running[key] = operations.create_task(self._run(key, request, self._speaker))

    async def _run(self, key: str, request: GraphQLRequest, speaker: Speaker) -> None:
        """Send an operation's results as they come."""
        head = b'{"id":' + orjson.dumps(key) + b',"type":"next","payload":'
        last: dict[str, Any] = {"id": key, "type": "complete"}
        try:
            async with aclosing(self._subscriptions.results(request, speaker.actor)) as results:
                async for result in results:
                    await self._send(head + result + b"}")
        except RequestRefused as error:
            last = {"id": key, "type": "error", "payload": error.errors}
        except HubClosed:
            raise Closing(GOING_AWAY, "The server is going away; come back and resume") from None
        finally:
            if self._running.get(key) is asyncio.current_task():
                del self._running[key]
        await self._send(orjson.dumps(last))

    async def _send(self, message: bytes) -> None:
        """Send one message as a text frame. Raises Gone, OSError."""
        text = {IN_BYTES: message} if self._in_bytes else {"text": message.decode()}
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._asgi_send({"type": "websocket.send", **text})
        except TimeoutError:
            raise Gone from None
