"""The process that lets people sign in by one click."""

from collections.abc import Collection
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.issuer import one_click_issuer
from deploy.sign_in.client import Client
from deploy.sign_in.pages import STYLE
from deploy.sign_in.provider import Provider
from graph.http.app import http_error, unexpected
from graph.http.guard import Guard
from graph.http.issuer import DISCOVERY
from services.core.clock import Clock, SystemClock
from services.core.settings import ANY_ORIGIN, Settings, local_url
from services.core.tokens import LocalIssuer

EITHER = ["GET", "POST"]


def sign_in_url(settings: Settings) -> str:
    """Return the provider's address, which is its name."""
    return settings.sign_in_url or local_url(settings.host, settings.sign_in_port)


def front_ends(settings: Settings) -> list[str]:
    """Return the addresses of the front ends that people may come from."""
    port = settings.port
    own = [settings.public_url, local_url(settings.host, port), f"http://127.0.0.1:{port}", f"http://localhost:{port}"]
    others = [origin for origin in settings.cors_origins if origin != ANY_ORIGIN]
    return list(dict.fromkeys(address.rstrip("/") for address in (*own, *others)))


def create_app(url: str, client: Client, issuer: LocalIssuer, clock: Clock, *, hosts: Collection[str]) -> ASGIApp:
    """Return the ASGI application of a provider at an address, for the hosts of these names."""
    provider = Provider(url, client, issuer, clock)

    async def style(_request: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    routes = Starlette(
        routes=[
            Route(DISCOVERY, provider.discovery),
            Route("/keys", provider.keys),
            Route("/authorize", provider.authorize, methods=EITHER),
            Route("/token", provider.token, methods=["POST"]),
            Route("/userinfo", provider.userinfo, methods=EITHER),
            Route("/end-session", provider.end_session, methods=EITHER),
            Route("/page.css", style),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=client.origins,
                allow_methods=EITHER,
                allow_headers=["Authorization", "Content-Type"],
            )
        ],
        exception_handlers={HTTPException: http_error, Exception: unexpected},
    )
    return Guard(routes, hosts)


async def sign_in(settings: Settings) -> None:
    """Let people sign in until told to stop. Raises OneClickRefused."""
    issuer = one_click_issuer(settings)
    url = sign_in_url(settings)
    client = Client(settings.console_client_id, front_ends(settings))
    app = create_app(url, client, issuer, SystemClock(), hosts=(*settings.answered_hosts, urlsplit(url).hostname or ""))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.sign_in_port,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
    )
    await uvicorn.Server(config).serve()
