"""Which hosts answers are given for."""

from collections.abc import Callable, Collection
from functools import lru_cache

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from graph.http.negotiation import error_response
from services.core.security import SecurityEvent, note

ANY = "*"
PROBES = frozenset({"/livez", "/readyz"})
"""Paths that are asked for by address, by whoever watches over the process."""
HOST = "HOST_REFUSED"
DENIAL = "websocket.http.response"
"""ASGI's extension for refusing a handshake with a response body."""


class Guard:
    """Wraps an application: it answers for the named hosts only.

    A page whose own name was made to resolve to this server (DNS rebinding) asks for that name, and is refused.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._open = ANY in hosts
        self._answers_for = known(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._open or scope["type"] not in {"http", "websocket"} or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and self._answers_for(hosts[0]):
            await self._app(scope, receive, send)
            return
        note(SecurityEvent.ACT_REFUSED, act="request" if scope["type"] == "http" else "connect", reason=HOST)
        if scope["type"] == "http":
            await refusal(hosts)(scope, receive, send)
        else:
            await deny(WebSocket(scope, receive, send), refusal(hosts))


def known(hosts: Collection[str]) -> Callable[[bytes], bool]:
    """Return what tells whether a Host header names one of the hosts, with any port."""
    names = frozenset(hosts)

    @lru_cache(maxsize=256)
    def is_known(host: bytes) -> bool:
        return host_name(host.decode("latin-1")) in names

    return is_known


def host_name(host: str) -> str:
    """Return the name in a Host header, in small letters, without its port."""
    head, bracket, _ = host.partition("]")
    name = head + bracket if bracket else host.partition(":")[0]
    return name.lower().removesuffix(".")


def refusal(hosts: Collection[bytes]) -> Response:
    """Return the answer to a request for another host, or for none or several."""
    named = " and ".join(repr(host.decode("latin-1")) for host in hosts) or "no host"
    message = (
        f"This server does not answer for {named}: the host is that of SHANGLIANG_PUBLIC_URL or one that "
        "SHANGLIANG_HOSTS names."
    )
    return error_response(421, message)


async def deny(websocket: WebSocket, response: Response) -> None:
    """Refuse a handshake."""
    if DENIAL in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(response)
    else:
        await websocket.close()
