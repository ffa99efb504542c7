"""In what circumstances a request is answered: its id, from where it came, who asks. The security log tells them.

Every answer names its request, and says what browsers and caches may make of it.
"""

from collections.abc import Awaitable

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
    note,
    signed_in,
)
from services.core.tokens import InvalidToken

REQUEST = b"x-request-id"
CACHED = b"cache-control"
NO_STORE = (CACHED, b"no-store")
FIXED = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
VARIES = (b"vary", b"Accept-Language")
"""Says that an answer depends on the language that was asked for."""
STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""Messages that carry a response's headers."""


def labelled(send: Send, request_id: str, reader: Reader, metrics: Metrics, *, private: bool) -> Send:
    """Return a send that counts an answer and adds to its headers; what is answered to a bearer is kept nowhere."""
    named = (REQUEST, request_id.encode())

    def sent(message: Message) -> Awaitable[None]:
        if message["type"] in STARTS:
            if "status" in message:
                metrics.answered_http(message["status"])
            headers = [*message.get("headers", ()), named]
            if private:
                headers = [header for header in headers if header[0] != CACHED] + [NO_STORE]
            if reader.told:
                headers.append(VARIES)
            names = [name for name, _ in headers]
            message = {**message, "headers": headers + [one for one in FIXED if one[0] not in names]}
        return send(message)

    return sent


class RequestWatch:
    """Wraps an application: what is noted while it answers has its circumstances, and the answer names the request.

    The id is the client's by X-Request-Id where that is one: 8 to 64 of A-Z a-z 0-9 -.
    """

    def __init__(self, app: ASGIApp, log: SecurityLog, callers: Callers, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        about, private = Circumstances(self._log, self._callers.address(scope), errors=self._metrics.errors), False
        for name, value in scope["headers"]:
            if name == REQUEST and REQUEST_ID.fullmatch(given := value.decode("latin-1")):
                about.request_id = given
            private = private or name == b"authorization"
        reader = Reader(scope["headers"])
        reading, token = READER.set(reader), CIRCUMSTANCES.set(about)
        try:
            sent = labelled(send, about.request_id, reader, self._metrics, private=private)
            await self._app(scope, receive, sent)
        finally:
            CIRCUMSTANCES.reset(token)
            READER.reset(reading)


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
