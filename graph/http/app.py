from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from graph.engine import Engine
from graph.errors import masked
from graph.http.auth import Authenticator
from graph.http.endpoint import GraphQLEndpoint
from graph.http.health import Readiness, livez
from graph.http.negotiation import JSON, error_response, media_type
from graph.schema import Schema
from services.core.clock import Clock
from services.core.database import Database


def create_app(
    schema: Schema, db: Database, authenticator: Authenticator, clock: Clock, *, body_bytes: int
) -> Starlette:
    """Return the ASGI application over pools that the caller opens and closes."""
    endpoint = GraphQLEndpoint(Engine(schema, db, clock), authenticator, body_bytes=body_bytes)
    sdl = schema.as_str()

    async def schema_text(_request: Request) -> Response:
        return PlainTextResponse(sdl, media_type="text/plain; charset=utf-8")

    return Starlette(
        routes=[
            Route("/graphql", endpoint.__call__, methods=["GET", "POST"]),
            Route("/livez", livez),
            Route("/readyz", Readiness(db).__call__),
            Route("/schema.graphql", schema_text),
        ],
        exception_handlers={HTTPException: http_error, Exception: unexpected},
    )


async def http_error(request: Request, error: Exception) -> Response:
    """Return an HTTP error with a JSON body, of the type that is accepted."""
    if not isinstance(error, HTTPException):
        return await unexpected(request, error)
    type_ = media_type(request.headers.get("accept", "")) or JSON
    return error_response(error.status_code, error.detail, error.headers, type_)


async def unexpected(_request: Request, error: Exception) -> Response:
    """Return a bug, masked."""
    message: str = masked(error)["message"]
    return error_response(500, message)
