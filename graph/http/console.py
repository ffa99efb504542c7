"""The hall and the desk for browsers: one page for every address that nothing else has, its files beside it."""

from functools import lru_cache
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.assets import PAGE, Asset, read_assets
from graph.console import STATIC
from graph.http.pages import READS, policy, sent, wants_page

FOLDER = "/console"
BASE = '<base href="./">'
"""What the built page has where its address is told."""
DEEPEST = 8
"""Slashes of a path beyond which there is no page."""


class Console:
    """Serves the pages' one document, its files and its settings.

    The document says by its `<base>` where the API is, relative to the address that was asked for: so it needs no
    setting behind a proxy that serves the API under a prefix.
    """

    def __init__(self, *, issuer: str | None, client_id: str) -> None:
        self._assets = read_assets(STATIC)
        self._settings = {"issuer": issuer, "clientId": client_id}
        connect = "'self'" if issuer is None else f"'self' {origin(issuer)}"
        self._headers = {"Content-Security-Policy": policy(connect=connect, base="'self'")}
        self._page = lru_cache(maxsize=DEEPEST)(self._page_at)

    @property
    def routes(self) -> list[Route]:
        """What is served at addresses of its own."""
        return [Route(f"{FOLDER}/settings.json", self.settings), Route(f"{FOLDER}/{{name}}", self.file)]

    def instead_of(self, app: ASGIApp) -> ASGIApp:
        """Return an application that answers a browser's GET with the page, and leaves everything else to another."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            answered = app
            if scope["type"] == "http" and scope["method"] in READS and wants_page(Request(scope)):
                depth = scope["path"].count("/") - 1
                if depth <= DEEPEST:
                    answered = sent(self._page(depth), Request(scope), self._headers)
            await answered(scope, receive, send)

        return answer

    def _page_at(self, depth: int) -> Asset:
        base = f'<base href="{"../" * depth or "./"}">'
        return Asset(PAGE, self._assets[PAGE].content.replace(BASE.encode(), base.encode(), 1))

    async def settings(self, _request: Request) -> Response:
        """Answer with what signing in needs; without an issuer nobody can."""
        return JSONResponse(self._settings, headers={"Cache-Control": "no-cache"})

    async def file(self, request: Request) -> Response:
        """Answer with a file of the pages. Raises HTTPException 404."""
        name = request.path_params["name"]
        asset = None if name == PAGE else self._assets.get(name)
        if asset is None:
            raise HTTPException(404)
        return sent(asset, request, self._headers)


def origin(address: str) -> str:
    """Return the origin of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
