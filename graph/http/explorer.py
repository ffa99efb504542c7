"""GraphiQL for browsers: its page where the API is, its files beside it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.explorer.assets import PAGE, Asset, read_assets
from graph.http.encodings import encoding
from graph.http.negotiation import GRAPHQL_RESPONSE, JSON, media_ranges, quality

HTML = "text/html"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
LASTING = "public, max-age=31536000, immutable"


class Explorer:
    """Serves the page and its files to browsers, and passes other requests on to the API."""

    def __init__(self, api: ASGIApp) -> None:
        self._api = api
        self._assets = read_assets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser with the page; leave everything else to the API."""
        answer = self._api
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and wants_page(Request(scope)):
            answer = sent(self._assets[PAGE], Request(scope))
        await answer(scope, receive, send)

    async def file(self, request: Request) -> Response:
        """Answer with a file of the explorer. Raises HTTPException 404."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        return sent(asset, request)


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page: HTML is more welcome than JSON, and there is no query to run."""
    accept = request.headers.get("accept", "")
    if HTML not in accept or "query" in request.query_params:
        return False
    ranges = media_ranges(accept)
    return quality(ranges, HTML) > max(quality(ranges, JSON), quality(ranges, GRAPHQL_RESPONSE))


def sent(asset: Asset, request: Request) -> Response:
    """Return a file, compressed where that is understood; only its tag where the browser has it already."""
    cached = LASTING if asset.lasting else "no-cache"
    headers = {**HEADERS, "Cache-Control": cached, "ETag": asset.tag, "Vary": "Accept, Accept-Encoding"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = asset.content
    if encoding(request.headers.get("accept-encoding", "")) == "gzip":
        content, headers["Content-Encoding"] = asset.compressed, "gzip"
    return Response(content, headers=headers, media_type=asset.media_type)
