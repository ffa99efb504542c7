"""Media types of GraphQL over HTTP (GraphQL Foundation, working draft), errors in JSON."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
CODES = {
    400: "BAD_REQUEST",
    401: "INVALID_TOKEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    500: "INTERNAL_SERVER_ERROR",
    503: "UNAVAILABLE",
}


def media_type(request: Request) -> str:
    """Return the answer's media type by Accept; JSON where nothing is asked. Raises HTTPException 406."""
    accept = request.headers.get("accept", "")
    if not accept.strip():
        return JSON
    best, chosen = 0.0, None
    for entry in accept.split(","):
        name, quality = _weighed(entry)
        offered = {GRAPHQL_RESPONSE: GRAPHQL_RESPONSE, JSON: JSON, "application/*": JSON, "*/*": JSON}.get(name)
        if offered is not None and quality > best:
            best, chosen = quality, offered
    if chosen is None:
        raise HTTPException(406, f"This endpoint answers in {GRAPHQL_RESPONSE} or {JSON}; Accept was {accept!r}.")
    return chosen


def _weighed(entry: str) -> tuple[str, float]:
    """Return a media range and its quality."""
    name, *parameters = [part.strip().lower() for part in entry.split(";")]
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None, type_: str = JSON) -> Response:
    """Return an HTTP error whose body is a GraphQL response with one error."""
    entry: dict[str, Any] = {"message": message, "extensions": {"code": CODES.get(status, "BAD_REQUEST")}}
    return Response(orjson.dumps({"errors": [entry]}), status, headers, f"{type_}; charset=utf-8")
