"""GraphiQL for browsers: its page where the API is, its files beside it."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph import explorer
from graph.assets import PAGE, read_assets
from graph.http.pages import READS, policy, sent, wants_page

STATIC = Path(explorer.__file__).parent / "static"
POLICY = policy()
HEADERS = {"Content-Security-Policy": POLICY}


class Explorer:
    """Serves the page and its files to browsers, and passes other requests on to the API."""

    def __init__(self, api: ASGIApp) -> None:
        self._api = api
        self._assets = read_assets(STATIC)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser with the page; leave everything else to the API."""
        answer = self._api
        if scope["type"] == "http" and scope["method"] in READS and wants_page(Request(scope)):
            answer = sent(self._assets[PAGE], Request(scope), HEADERS)
        await answer(scope, receive, send)

    async def file(self, request: Request) -> Response:
        """Answer with a file of the explorer. Raises HTTPException 404."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        return sent(asset, request, HEADERS)
