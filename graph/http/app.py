from collections.abc import Awaitable, Callable, Collection, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.budgets import AtOnce
from graph.engine import Engine
from graph.errors import masked
from graph.exports.export import Exports
from graph.http.auth import Authenticator
from graph.http.callers import Callers
from graph.http.console import Console
from graph.http.drain import Drain
from graph.http.endpoint import GraphQLEndpoint
from graph.http.explorer import Explorer
from graph.http.export import PATH as EXPORT
from graph.http.export import ExportEndpoint
from graph.http.feeds import Feeds
from graph.http.guard import ANY, Guard
from graph.http.health import Readiness, livez
from graph.http.links import for_programs
from graph.http.negotiation import JSON, error_response, errors_response, media_type
from graph.http.origins import OriginsGate
from graph.http.watch import RequestWatch, WatchedAuthenticator
from graph.http.websocket import WebSocketEndpoint
from graph.metrics import Metrics
from graph.schema import Schema
from graph.subscriptions import Subscriptions
from services.core.database import Database
from services.core.security import SecurityLog, write_nowhere
from services.notices.hub import Hub

GRAPHQL = "/graphql"

Document = tuple[bytes, str]
"""What a document contains, and its media type."""


class Application:
    """The ASGI application: GraphQL at once, all else by its routes."""

    def __init__(  # noqa: PLR0913 -- what an application is made of, named
        self,
        endpoint: ASGIApp,
        routes: ASGIApp,
        *,
        hosts: Collection[str],
        origins: Collection[str],
        metrics: Metrics,
        security: SecurityLog,
        callers: Callers,
        access_log: bool,
    ) -> None:
        self.metrics = metrics
        self._endpoint = endpoint
        self._routes = routes
        guarded = Guard(OriginsGate(self._answer, origins), hosts)
        self._guard = RequestWatch(guarded, security, callers, metrics, access_log=access_log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._guard(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request that was let through."""
        if scope["type"] == "http" and scope["path"] == GRAPHQL:
            await self._endpoint(scope, receive, send)
        else:
            await self._routes(scope, receive, send)


def create_app(  # noqa: PLR0913 -- what a process is made of, named
    schema: Schema,
    engine: Engine,
    db: Database,
    authenticator: Authenticator,
    *,
    hub: Hub,
    body_bytes: int,
    explorer: bool = True,
    console: Console | None = None,
    schema_shown: bool = True,
    hosts: Collection[str] = (ANY,),
    origins: Collection[str] = (),
    public_url: str = "",
    documents: Mapping[str, Document] | None = None,
    security: SecurityLog | None = None,
    callers: Callers | None = None,
    at_once: AtOnce | None = None,
    drain: Drain | None = None,
    access_log: bool = False,
) -> Application:
    """Return the ASGI application over pools and a hub that the caller opens and closes.

    `explorer` serves GraphiQL too, `console` the hall and the desk, `schema_shown` the schema as a text; `hosts` are
    the names that it answers for, without ports; `origins` are those whose pages may use the API; `public_url` is where
    links in calendars and feeds lead; `documents` are served as they are, by path.
    `security` is where refusals and what else matters to safety is noted; nowhere without. `callers` tells
    from where requests come: from their peers without. `at_once` bounds what one caller holds. `drain`
    tells whether the process is about to end. With `access_log` every request is logged.
    """
    security = security or SecurityLog(write=write_nowhere)
    engine.metrics.registry.register(security.counter)
    authenticator = WatchedAuthenticator(authenticator)
    subscriptions = Subscriptions(engine, hub, db)
    endpoint: ASGIApp = GraphQLEndpoint(engine, subscriptions, authenticator, body_bytes=body_bytes, at_once=at_once)
    files = []
    if explorer:
        endpoint = graphiql = Explorer(endpoint)
        files = [Route("/graphql/explorer/{name}", graphiql.file)]
    sdl = schema.as_str()

    async def schema_text(_request: Request) -> Response:
        return PlainTextResponse(sdl, media_type="text/plain; charset=utf-8")

    routes = Starlette(
        routes=[
            WebSocketRoute(GRAPHQL, WebSocketEndpoint(subscriptions, authenticator, at_once=at_once)),
            Route(EXPORT, ExportEndpoint(Exports(schema, engine, db), authenticator, at_once)),
            *Feeds(engine, public_url).routes,
            Route("/livez", livez),
            Route("/readyz", Readiness(db, drain or Drain()).__call__),
            *([Route("/schema.graphql", schema_text)] if schema_shown else []),
            *files,
            *(console.routes if console else []),
            *(Route(path, document_endpoint(each)) for path, each in (documents or {}).items()),
        ],
        exception_handlers={HTTPException: http_error, Exception: unexpected},
    )
    routes.router.default = for_programs(routes.router.default)
    if console:
        routes.router.default = console.instead_of(routes.router.default)
    return Application(
        endpoint,
        routes,
        hosts=hosts,
        origins=origins,
        metrics=engine.metrics,
        security=security,
        callers=callers or Callers(),
        access_log=access_log,
    )


def document_endpoint(document: Document) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that serves a document."""
    content, type_ = document

    async def answer(_request: Request) -> Response:
        return Response(content, media_type=type_)

    return answer


async def http_error(request: Request, error: Exception) -> Response:
    """Return an HTTP error with a JSON body, of the type that is accepted."""
    if not isinstance(error, HTTPException):
        return await unexpected(request, error)
    type_ = media_type(request.headers.get("accept", "")) or JSON
    return error_response(error.status_code, error.detail, error.headers, type_)


async def unexpected(_request: Request, error: Exception) -> Response:
    """Return a bug, masked."""
    return errors_response(500, [masked(error)])
