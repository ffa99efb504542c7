from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graph.engine import Answer, Engine, GraphQLRequest
from graph.http.auth import Authenticator
from graph.http.negotiation import GRAPHQL_RESPONSE, JSON, error_response, media_type
from graph.http.stream import EventStream, wants_stream
from graph.subscriptions import Subscriptions
from services.core.tokens import InvalidToken


class GraphQLEndpoint:
    """GraphQL over HTTP: POST with a JSON body, GET for queries; either may ask for an event stream."""

    def __init__(
        self, engine: Engine, subscriptions: Subscriptions, authenticator: Authenticator, *, body_bytes: int
    ) -> None:
        self._engine = engine
        self._subscriptions = subscriptions
        self._authenticator = authenticator
        self._body_bytes = body_bytes

    async def __call__(self, request: Request) -> Response:
        """Answer one request. Raises HTTPException for what is not a GraphQL request."""
        streamed = wants_stream(request)
        type_ = JSON if streamed else media_type(request)
        try:
            actor = await self._authenticator.actor(request)
        except InvalidToken as error:
            return error_response(401, error.message, {"WWW-Authenticate": 'Bearer error="invalid_token"'}, type_)
        is_get = request.method == "GET"
        asked = from_query_string(request) if is_get else from_body(request, await self._body(request))
        if streamed:
            results = self._subscriptions.results(asked, actor, queries_only=is_get)
            return EventStream(results, request, self._authenticator)
        answer = await self._engine.execute(asked, actor, queries_only=is_get)
        return Response(answer.body, status_of(answer, type_), media_type=f"{type_}; charset=utf-8")

    async def _body(self, request: Request) -> bytes:
        """Return the body. Raises HTTPException 413 past the limit."""
        chunks, size = [], 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > self._body_bytes:
                raise HTTPException(413, f"A request body has at most {self._body_bytes} bytes.")
            chunks.append(chunk)
        return b"".join(chunks)


def status_of(answer: Answer, type_: str) -> int:
    """Return the status: a refused request is 400, except that application/json reports it with 200."""
    if answer.executed or type_ != GRAPHQL_RESPONSE:
        return 200
    return 400


def from_body(request: Request, body: bytes) -> GraphQLRequest:
    """Return the request in a POST body. Raises HTTPException 415 or 400."""
    declared, _, parameters = request.headers.get("content-type", "").partition(";")
    if declared.strip().lower() != JSON:
        raise HTTPException(415, f"A request body is {JSON}; Content-Type was {declared.strip() or 'missing'}.")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in {"", "utf-8", "utf8"}:
        raise HTTPException(415, f"A request body is in UTF-8; the charset was {charset}.")
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"The request body is not JSON: {error}.") from None
    if not isinstance(fields, dict):
        raise HTTPException(400, "The request body is a JSON object with the field query.")
    return well_formed(fields)


def from_query_string(request: Request) -> GraphQLRequest:
    """Return the request in a GET's parameters. Raises HTTPException 400."""
    fields: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if fields.get(name):
            try:
                fields[name] = orjson.loads(fields[name])
            except orjson.JSONDecodeError as error:
                raise HTTPException(400, f"The parameter {name} is not JSON: {error}.") from None
        else:
            fields.pop(name, None)
    return well_formed(fields)


def well_formed(fields: dict[str, Any]) -> GraphQLRequest:
    """Return the request in parsed fields. Raises HTTPException 400 for a field of the wrong kind."""
    query, name = fields.get("query"), fields.get("operationName")
    variables, extensions = fields.get("variables"), fields.get("extensions")
    if not isinstance(query, str):
        raise HTTPException(400, "The field query is missing or not a string.")
    if name is not None and not isinstance(name, str):
        raise HTTPException(400, "The field operationName is not a string.")
    if variables is not None and not isinstance(variables, dict):
        raise HTTPException(400, "The field variables is not an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise HTTPException(400, "The field extensions is not an object.")
    return GraphQLRequest(query, name or None, variables or {})
