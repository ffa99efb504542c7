"""What pages of other origins may do from a browser: CORS (the Fetch standard) for HTTP, the same rule for WebSockets.

The API takes tokens, never cookies: a page that may use it can do no more than its own user's token allows. So any
header may be sent, and credentials in the sense of the standard are not needed.
"""

from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from graph.http.guard import ANY, deny
from graph.http.negotiation import error_response
from services.core.security import SecurityEvent, note

METHODS = ("GET", "HEAD", "POST")
EXPOSED = (
    "ETag",
    "Retry-After",
    "Content-Disposition",
    "Content-Encoding",
    "Allow",
    "WWW-Authenticate",
    "X-Request-Id",
    "Shangliang-Position",
)
"""Response headers that pages may read besides those that the standard always lets them read."""
ORIGIN = "ORIGIN_REFUSED"
MAX_AGE_S = 7_200
"""How long a browser may keep a preflight's answer; the longest that all browsers accept."""


class OriginsGate:
    """Wraps an application: lets pages of its own origin and of the named origins use it."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._http = Preflights(app, self._origins) if origins else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] != "websocket" or self._may_connect(Headers(scope=scope)):
            await self._app(scope, receive, send)
        else:
            origin = Headers(scope=scope)["origin"]
            note(SecurityEvent.ACT_REFUSED, act="connect", reason=ORIGIN)
            await deny(WebSocket(scope, receive, send), error_response(HTTPStatus.FORBIDDEN, refusal(origin)))

    def _may_connect(self, headers: Headers) -> bool:
        """Return whether a handshake comes from no page, from a page of this server or from one of a named origin."""
        origin = headers.get("origin")
        if origin is None or origin.partition("://")[2] == headers.get("host"):
            return True
        return ANY in self._origins or origin in self._origins


class Preflights(CORSMiddleware):
    """Starlette's CORS middleware, with refusals in the form of the other errors."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=[ANY],
            allow_private_network=True,
            expose_headers=EXPOSED,
            max_age=MAX_AGE_S,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the answer to a preflight."""
        response = super().preflight_response(request_headers)
        if response.status_code == HTTPStatus.OK:
            return response
        note(SecurityEvent.ACT_REFUSED, act="preflight", reason=ORIGIN)
        varies = {"Vary": self.preflight_headers["Vary"]}
        if not self.is_allowed_origin(request_headers["origin"]):
            return error_response(HTTPStatus.FORBIDDEN, refusal(request_headers["origin"]), varies)
        method = request_headers["access-control-request-method"]
        return error_response(405, f"Pages send {', '.join(METHODS)}, not {method}.", varies)


def refusal(origin: str) -> str:
    """Return why a page is refused."""
    return f"Pages of {origin!r} may not use this API: the setting SHANGLIANG_CORS_ORIGINS does not name it."
