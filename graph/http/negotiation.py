"""Media types of GraphQL over HTTP (GraphQL Foundation, working draft), errors in JSON."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from starlette.responses import Response

from graph.budgets import HELD, TooMany
from graph.language import language
from graph.qualities import qualities
from services.core.codes import Code
from services.core.security import count_error

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
RETRY_AFTER_S = 10
CODES = {
    400: Code.BAD_REQUEST,
    401: Code.INVALID_TOKEN,
    403: Code.ORIGIN_NOT_ALLOWED,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    406: Code.NOT_ACCEPTABLE,
    413: Code.BODY_TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
    421: Code.HOST_NOT_ALLOWED,
    500: Code.INTERNAL_SERVER_ERROR,
    503: Code.UNAVAILABLE,
}


def media_ranges(accept: str) -> dict[str, float]:
    """Return the media ranges of an Accept header with their qualities, in order; all where it is empty."""
    return qualities(accept) if accept.strip() else {"*/*": 1.0}


def quality(ranges: Mapping[str, float], type_: str) -> float:
    """Return the quality of a media type, by the most specific range that covers it (RFC 9110, 12.5.1)."""
    family = type_.partition("/")[0] + "/*"
    return next((ranges[name] for name in (type_, family, "*/*") if name in ranges), 0.0)


@lru_cache(maxsize=256)
def media_type(accept: str) -> str | None:
    """Return an answer's media type by Accept: of equals the one named first, JSON where none is; null for neither."""
    ranges = media_ranges(accept)
    named = [name for name in ranges if name in {GRAPHQL_RESPONSE, JSON}]
    best = max([*named, JSON, GRAPHQL_RESPONSE], key=lambda type_: quality(ranges, type_))
    return best if quality(ranges, best) else None


def charset(content_type: str) -> str:
    """Return the charset that a Content-Type declares, in lower case; UTF-8 where it says nothing."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def error_response(
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
    type_: str = JSON,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Response:
    """Return an HTTP error whose body is a GraphQL response with one error.

    The facts stand beside its code, and so does the `Retry-After` of the headers.
    """
    extensions = {"code": CODES.get(status, Code.BAD_REQUEST), **(facts or {})}
    count_error(extensions["code"])
    if headers and "Retry-After" in headers:
        extensions["retryAfter"] = int(headers["Retry-After"])
    return errors_response(status, [{"message": message, "extensions": extensions}], headers, type_)


def errors_response(
    status: int, errors: Sequence[Mapping[str, Any]], headers: Mapping[str, str] | None = None, type_: str = JSON
) -> Response:
    """Return an HTTP error whose body is a GraphQL response with these errors."""
    return Response(orjson.dumps({"errors": errors}), status, headers, f"{type_}; charset=utf-8")


def too_many(error: TooMany, type_: str = JSON) -> Response:
    """Return the HTTP error for a caller who has too many things at once."""
    facts = {
        "code": HELD, "limit": error.limit, "retryAfter": RETRY_AFTER_S, "parameters": {"limit": error.limit}
    }  # fmt: skip
    count_error(HELD)
    entry = {"message": error.said.told(language()), "extensions": facts}
    return errors_response(429, [entry], {"Retry-After": str(RETRY_AFTER_S)}, type_)
