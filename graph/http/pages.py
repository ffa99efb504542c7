"""Pages for browsers: who asks for one, and how their built files are sent."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from graph.assets import Asset
from graph.http.encodings import encoding
from graph.http.negotiation import GRAPHQL_RESPONSE, JSON, media_ranges, quality

HTML = "text/html"
LASTING = "public, max-age=31536000, immutable"
CODINGS = ("zstd", "gzip")
"""The smaller one first: what is sent was compressed once."""
READS = frozenset({"GET", "HEAD"})


def policy(*, connect: str = "'self'", base: str = "'none'") -> str:
    """Return a content security policy: nothing inline, nothing from elsewhere but connections to what is named."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src {connect}; base-uri {base}; form-action 'none'; frame-ancestors 'none'"
    )


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page: HTML is more welcome than JSON, and there is no query to run."""
    accept = request.headers.get("accept", "")
    if HTML not in accept or "query" in request.query_params:
        return False
    ranges = media_ranges(accept)
    return quality(ranges, HTML) > max(quality(ranges, JSON), quality(ranges, GRAPHQL_RESPONSE))


def sent(asset: Asset, request: Request, headers: Mapping[str, str]) -> Response:
    """Return a file, compressed where that is understood; only its tag where the browser has it already."""
    cached = LASTING if asset.lasting else "no-cache"
    headers = {
        **headers,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": cached,
        "ETag": asset.tag,
        "Vary": "Accept, Accept-Encoding",
    }
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = asset.content
    coding = encoding(request.headers.get("accept-encoding", ""), CODINGS)
    if coding is not None:
        content, headers["Content-Encoding"] = asset.compressed(coding), coding
    return Response(content, headers=headers, media_type=asset.media_type)
