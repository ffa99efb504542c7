from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from graph.engine import Engine
from graph.errors import masked
from graph.http.auth import Authenticator
from graph.http.endpoint import GraphQLEndpoint
from graph.http.health import Readiness, livez
from graph.http.negotiation import error_response
from graph.http.websocket import WebSocketEndpoint
from graph.schema import Schema
from graph.subscriptions import Subscriptions
from services.core.clock import Clock
from services.core.database import Database
from services.notices.hub import Hub


def create_app(  # noqa: PLR0913 -- what a process is made of
    schema: Schema, db: Database, hub: Hub, authenticator: Authenticator, clock: Clock, *, body_bytes: int
) -> Starlette:
    """Return the ASGI application over pools and a hub that the caller opens and closes."""
    engine = Engine(schema, db, clock)
    subscriptions = Subscriptions(engine, hub, db, clock)
    endpoint = GraphQLEndpoint(engine, subscriptions, authenticator, body_bytes=body_bytes)
    sdl = schema.as_str()

    async def schema_text(_request: Request) -> Response:
        return PlainTextResponse(sdl, media_type="text/plain; charset=utf-8")

    return Starlette(
        routes=[
            Route("/graphql", endpoint.__call__, methods=["GET", "POST"]),
            WebSocketRoute("/graphql", WebSocketEndpoint(subscriptions, authenticator)),
            Route("/livez", livez),
            Route("/readyz", Readiness(db).__call__),
            Route("/schema.graphql", schema_text),
        ],
        exception_handlers={HTTPException: http_error, Exception: unexpected},
    )


async def http_error(_request: Request, error: Exception) -> Response:
    """Return an HTTP error with a JSON body."""
    if not isinstance(error, HTTPException):
        return await unexpected(_request, error)
    return error_response(error.status_code, error.detail, error.headers)


async def unexpected(_request: Request, error: Exception) -> Response:
    """Return a bug, masked."""
    message: str = masked(error)["message"]
    return error_response(500, message)
