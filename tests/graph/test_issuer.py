import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from graph.http.auth import IssuerAuthenticator
from services.core.tokens import InvalidToken
from tests.clock import SetClock


class Provider:
    """An OpenID Connect provider: discovery, keys that can change, tokens."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.reads = 0
        self.url = ""

    def app(self) -> Starlette:
        async def discovery(_request: Request) -> JSONResponse:
            return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

        async def keys(_request: Request) -> JSONResponse:
            self.reads += 1
            return JSONResponse({"keys": [self.key.as_dict(private=False)]})

        return Starlette(routes=[Route("/.well-known/openid-configuration", discovery), Route("/keys", keys)])

    def token(self, now: datetime, issuer: str | None = None) -> str:
        claims = {"iss": issuer or self.url, "aud": "shangliang", "sub": "u1", "exp": int(now.timestamp()) + 3600}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key, algorithms=["ES256"])


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    provider.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await serving


def asking(token: str | None) -> str | None:
    return f"Bearer {token}" if token else None


async def test_tokens_of_the_issuer_are_taken_and_its_keys_read_once(provider: Provider) -> None:
    clock = SetClock()
    authenticator = IssuerAuthenticator(provider.url, "shangliang", clock)
    assert (await authenticator.speaker(asking(None))).actor().subject is None
    assert provider.reads == 0
    for _ in range(3):
        assert (await authenticator.speaker(asking(provider.token(clock.now())))).actor().subject == "u1"
    assert provider.reads == 1


async def test_new_keys_are_read_at_most_every_five_minutes(provider: Provider) -> None:
    clock = SetClock()
    authenticator = IssuerAuthenticator(provider.url, "shangliang", clock)
    await authenticator.speaker(asking(provider.token(clock.now())))
    provider.key = ECKey.generate_key("P-256", {"kid": "two"})
    with pytest.raises(InvalidToken):
        await authenticator.speaker(asking(provider.token(clock.now())))
    assert provider.reads == 1
    clock.time += timedelta(minutes=6)
    assert (await authenticator.speaker(asking(provider.token(clock.now())))).actor().subject == "u1"
    assert provider.reads == 2


async def test_tokens_of_another_issuer_are_refused(provider: Provider) -> None:
    clock = SetClock()
    authenticator = IssuerAuthenticator(provider.url, "shangliang", clock)
    with pytest.raises(InvalidToken, match="iss"):
        await authenticator.speaker(asking(provider.token(clock.now(), issuer="https://elsewhere.example")))


async def test_issuer_that_is_down_proves_nothing() -> None:
    authenticator = IssuerAuthenticator("http://127.0.0.1:9", "shangliang", SetClock())
    with pytest.raises(InvalidToken, match="cannot be read"):
        await authenticator.speaker(asking("a.b.c"))
