"""In what circumstances a request is answered: its id, from where it came, who asks. The security log tells them."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.http.auth import Authenticator, Speaker
from graph.http.callers import Callers
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

HEADER = b"x-request-id"
STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""Messages that carry a response's headers."""


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the id that a client gave its request by X-Request-Id, None where it is none: 8 to 64 of A-Z a-z 0-9 -."""
    for name, value in headers:
        if name == HEADER:
            text = value.decode("latin-1")
            return text if REQUEST_ID.fullmatch(text) else None
    return None


class RequestWatch:
    """Wraps an application: what is noted while it answers has its circumstances, and the answer names the request."""

    def __init__(self, app: ASGIApp, log: SecurityLog, callers: Callers) -> None:
        self._app = app
        self._log = log
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        about = Circumstances(self._log, self._callers.address(scope))
        about.request_id = request_id(scope["headers"]) or about.request_id
        named = (HEADER, about.request_id.encode())

        async def sent(message: Message) -> None:
            if message["type"] in STARTS:
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        token = CIRCUMSTANCES.set(about)
        try:
            await self._app(scope, receive, sent)
        finally:
            CIRCUMSTANCES.reset(token)


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
