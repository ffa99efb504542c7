"""In what circumstances a request is answered: its id, from where it came, who asks. The security log tells them.

Every answer names its request, and says what browsers and caches may make of it.
"""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import structlog
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.http.auth import Authenticator, Speaker
from graph.http.callers import Callers
from graph.language import READER, Reader
from graph.metrics import Metrics
from services.core.security import (
    CIRCUMSTANCES,
    REQUEST_ID,
    Circumstances,
    SecurityEvent,
    SecurityLog,
    fit,
    note,
    signed_in,
)
from services.core.tokens import InvalidToken
from services.core.tracing import NOT_TRACED, TRACEPARENT, is_traced, span

REQUEST = b"x-request-id"
PARENT = TRACEPARENT.encode()
CACHED = b"cache-control"
NO_STORE = (CACHED, b"no-store")
FIXED = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
VARIES = (b"vary", b"Accept-Language")
"""Says that an answer depends on the language that was asked for."""
STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""Messages that carry a response's headers."""
LONGEST = 200
"""Characters of a path that are logged."""
SWITCHED = 101
"""The status of a request that became a WebSocket."""

log = structlog.get_logger()


@dataclass(slots=True)
class Sent:
    """What was sent to a request: nothing yet."""

    status: int = 0
    size: int = 0
    """Bytes of bodies, as they went out."""


def labelled(  # noqa: PLR0913 -- what an answer is told by
    send: Send, request_id: str, reader: Reader, metrics: Metrics, so_far: Sent, *, private: bool
) -> Send:
    """Return a send that counts an answer and adds to its headers; what is answered to a bearer is kept nowhere."""
    named = (REQUEST, request_id.encode())

    def sent(message: Message) -> Awaitable[None]:
        if message["type"] in STARTS:
            so_far.status = message.get("status", SWITCHED)
            if "status" in message:
                metrics.answered_http(message["status"])
            headers = [*message.get("headers", ()), named]
            if private:
                headers = [header for header in headers if header[0] != CACHED] + [NO_STORE]
            if reader.told:
                headers.append(VARIES)
            names = [name for name, _ in headers]
            message = {**message, "headers": headers + [one for one in FIXED if one[0] not in names]}
        else:
            so_far.size += len(message.get("body", b""))
        return send(message)

    return sent


@contextmanager
def traced(scope: Scope, request_id: str, parent: str | None, so_far: Sent) -> Iterator[None]:
    """Trace how a request is answered; under the client's `traceparent`, if it sent one. WebSockets are not traced."""
    if scope["type"] != "http":
        yield
        return
    asked = {
        "http.request.method": scope["method"],
        "url.path": scope["path"][:LONGEST],
        "shangliang.request_id": request_id,
    }
    with span(scope["method"], SpanKind.SERVER, asked, parent=parent) as one:
        yield
        one.set_attribute("http.response.status_code", so_far.status)


class RequestWatch:
    """Wraps an application: what is noted while it answers has its circumstances, and the answer names the request.

    The id is the client's by X-Request-Id where that is one: 8 to 64 of A-Z a-z 0-9 -. With `access_log` every request
    is logged once it was answered.
    """

    def __init__(
        self, app: ASGIApp, security: SecurityLog, callers: Callers, metrics: Metrics, *, access_log: bool
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._security = security
        self._callers = callers
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        about, private = Circumstances(self._security, self._callers.address(scope), errors=self._metrics.errors), False
        began, so_far, parent = perf_counter(), Sent(), None
        for name, value in scope["headers"]:
            if name == REQUEST and REQUEST_ID.fullmatch(given := value.decode("latin-1")):
                about.request_id = given
            elif name == PARENT:
                parent = value.decode("latin-1")
            private = private or name == b"authorization"
        reader = Reader(scope["headers"])
        reading, token = READER.set(reader), CIRCUMSTANCES.set(about)
        try:
            sent = labelled(send, about.request_id, reader, self._metrics, so_far, private=private)
            with traced(scope, about.request_id, parent, so_far) if is_traced() else NOT_TRACED:
                try:
                    await self._app(scope, receive, sent)
                finally:
                    if self._access_log:
                        self._tell(scope, about, so_far, perf_counter() - began)
        finally:
            CIRCUMSTANCES.reset(token)
            READER.reset(reading)

    @staticmethod
    def _tell(scope: Scope, about: Circumstances, so_far: Sent, taken_s: float) -> None:
        """Log a request that was answered, or left."""
        log.info(
            "answered",
            method=scope.get("method", "GET"),
            path=scope["path"][:LONGEST],
            status=so_far.status,
            seconds=round(taken_s, 4),
            bytes=so_far.size,
            address=about.address,
            operation=fit(about.operation),
        )


class WatchedAuthenticator:
    """Notes refused sign-ins, and keeps who asks among the circumstances."""

    def __init__(self, proof: Authenticator) -> None:
        self._proof = proof

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken."""
        try:
            speaker = await self._proof.speaker(authorization)
        except InvalidToken as error:
            note(SecurityEvent.SIGN_IN_REFUSED, reason=error.reason)
            raise
        signed_in(speaker.proved.actor.subject)
        return speaker
