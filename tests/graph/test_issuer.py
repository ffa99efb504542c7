import asyncio
import base64
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import structlog
import uvicorn
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from graph.http.app import Application
from graph.http.auth import IssuerAuthenticator
from graph.http.issuer import (
    COOL_DOWN_S,
    DISCOVERY,
    KEEP_S,
    MOST_BYTES,
    MOST_KEYS,
    REFRESH_S,
    IssuerAway,
    IssuerKeys,
)
from graph.schema import Schema
from services.core.database import Database
from services.core.tokens import MOST_CHARACTERS, MOST_HEADER_CHARACTERS, InvalidToken
from tests.clock import SetClock
from tests.graph.conftest import application

KEYS = "/keys"


class Provider:
    """An OpenID Connect provider: discovery, keys that can change, tokens."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.key: Key = ECKey.generate_key("P-256", {"kid": "one"})
        self.beside: list[Any] = []
        self.reads = 0
        self.url = ""
        self.named: str | None = None
        self.up = True
        self.delay_s = 0.0
        self.key_address: object = None
        self.said = dict[str, Response]()
        """What is answered at a path in the place of what would be right."""
        self.visited = list[str]()

    def app(self) -> Starlette:
        async def discovery(request: Request) -> Response:
            self.reads += 1
            if request.url.path in self.said:
                return self.said[request.url.path]
            await asyncio.sleep(self.delay_s)
            if not self.up:
                return Response("away", 502)
            address = f"{self.url}{KEYS}" if self.key_address is None else self.key_address
            return JSONResponse({"issuer": self.named or self.url, "jwks_uri": address})

        async def keys(request: Request) -> Response:
            self.visited.append(request.url.path)
            return self.said.get(request.url.path) or JSONResponse(
                {"keys": [*self.beside, self.key.as_dict(private=False)]}
            )

        return Starlette(routes=[Route(DISCOVERY, discovery), Route(KEYS, keys), Route("/elsewhere", keys)])

    def token(
        self, *, key: Key | None = None, algorithm: str = "ES256", kid: str | None = "",
        header: dict[str, Any] | None = None, **claims: Any,
    ) -> str:  # fmt: skip
        key = key or self.key
        until = int(self.clock.now().timestamp()) + 24 * 3600
        said = {"iss": self.url, "aud": "shangliang", "sub": "u1", "exp": until, **claims}
        named = {"alg": algorithm, "kid": key.get("kid") if kid == "" else kid, **(header or {})}
        present = {name: value for name, value in named.items() if value is not None}
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        return jwt.encode(present, said, key, registry=registry)

    def pass_(self, seconds: float) -> None:
        self.clock.time += timedelta(seconds=seconds)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider(SetClock())
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    provider.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await serving


@pytest.fixture
def keys(provider: Provider) -> IssuerKeys:
    return IssuerKeys(provider.url, "shangliang", provider.clock)


def another(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


async def test_tokens_of_the_issuer_are_taken_and_its_keys_read_once(provider: Provider, keys: IssuerKeys) -> None:
    authenticator = IssuerAuthenticator(keys, provider.clock)
    assert (await authenticator.speaker(None)).actor().subject is None
    assert provider.reads == 0
    for _ in range(3):
        assert (await authenticator.speaker(f"Bearer {provider.token()}")).actor().subject == "u1"
    assert provider.reads == 1


async def test_requests_at_once_share_one_reading(provider: Provider, keys: IssuerKeys) -> None:
    provider.delay_s = 0.2
    found = await asyncio.gather(*(keys.proved(provider.token(sub=f"u{number}")) for number in range(50)))
    assert [one.actor.subject for one in found] == [f"u{number}" for number in range(50)]
    assert provider.reads == 1


async def test_unknown_key_is_looked_for_at_most_once_in_a_cool_down(provider: Provider, keys: IssuerKeys) -> None:
    await keys.proved(provider.token())
    provider.key = another("two")
    with pytest.raises(InvalidToken, match="none of the issuer's keys"):
        await keys.proved(provider.token())
    assert provider.reads == 1
    provider.pass_(COOL_DOWN_S)
    assert (await keys.proved(provider.token())).actor.subject == "u1"
    assert provider.reads == 2
    for number in range(100):
        with pytest.raises(InvalidToken):
            await keys.proved(provider.token(key=another(f"made up {number}")))
    assert provider.reads == 2


async def test_token_that_names_no_key_is_tried_with_all(provider: Provider, keys: IssuerKeys) -> None:
    provider.beside = [another(f"beside {number}").as_dict(private=False) for number in range(3)]
    assert (await keys.proved(provider.token(kid=None))).actor.subject == "u1"
    with pytest.raises(InvalidToken, match="none of the issuer's keys"):
        await keys.proved(provider.token(key=another("x"), kid=None))
    assert provider.reads == 1


async def test_keys_are_read_on_schedule_and_those_taken_back_are_dropped(provider: Provider, keys: IssuerKeys) -> None:
    await keys.renew()
    old = provider.token()
    assert (await keys.proved(old)).actor.subject == "u1"
    provider.key = another("two")
    provider.pass_(REFRESH_S - 1)
    await keys.renew()
    assert (provider.reads, (await keys.proved(old)).actor.subject) == (1, "u1")
    provider.pass_(1)
    await keys.renew()
    assert provider.reads == 2
    assert (await keys.proved(provider.token())).actor.subject == "u1"
    with pytest.raises(InvalidToken, match="none of the issuer's keys"):
        await keys.proved(old)


async def test_keys_that_cannot_be_read_again_are_trusted_for_a_while_only(
    provider: Provider, keys: IssuerKeys
) -> None:
    token = provider.token()
    await keys.proved(token)
    provider.up = False
    for _ in range(3):
        provider.pass_(KEEP_S / 3)
        await keys.renew()
        assert (await keys.proved(token)).actor.subject == "u1"
    assert provider.reads == 4
    provider.pass_(1)
    with pytest.raises(IssuerAway):
        await keys.proved(token)
    provider.up = True
    provider.pass_(COOL_DOWN_S)
    assert (await keys.proved(token)).actor.subject == "u1"


async def test_unknown_keys_of_a_set_are_passed_over(provider: Provider, keys: IssuerKeys) -> None:
    secret, small = OctKey.generate_key(256, {"kid": "secret"}), RSAKey.generate_key(2048, {"kid": "small"})
    for_encryption = another("encryption").as_dict(private=False, use="enc")
    provider.beside = [
        {"kty": "AKP", "kid": "post-quantum", "alg": "ML-DSA-44", "pub": "AA"},
        {"kty": "EC", "crv": "P-9000", "kid": "odd", "x": "AA", "y": "AA"},
        {"kty": "EC", "kid": "short"},
        {"kid": "no type"},
        {"kty": ["EC"], "kid": "a list of types"},
        {"kty": "EC", "key_ops": 7, "kid": "no list of uses"},
        {"kty": "EC", "crv": "P-256", "kid": "one", "x": "AA", "y": "AA"},
        {**another("listed").as_dict(private=False), "alg": ["ES256"]},
        {**another("listed").as_dict(private=False), "kid": ["one"]},
        "no object",
        secret.as_dict(private=True),
        for_encryption,
        {**small.as_dict(private=False), "alg": "RS512"},
    ]
    assert (await keys.proved(provider.token())).actor.subject == "u1"
    with pytest.raises(InvalidToken, match="algorithm"):
        await keys.proved(provider.token(key=secret, algorithm="HS256"))
    with pytest.raises(InvalidToken, match="none of the issuer's keys"):
        await keys.proved(provider.token(key=small, algorithm="RS256"))
    assert provider.reads == 1


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES384", ECKey.generate_key("P-384", {"kid": "k"})),
        ("RS256", RSAKey.generate_key(2048, {"kid": "k"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "k"})),
        pytest.param(
            "EdDSA",
            OKPKey.generate_key("Ed25519", {"kid": "k"}),
            marks=pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),
        ),
        ("PS256", RSAKey.generate_key(2048, {"kid": "k", "use": "sig", "alg": "PS256"})),
    ],
)
async def test_each_algorithm_is_taken(provider: Provider, keys: IssuerKeys, algorithm: str, key: Key) -> None:
    provider.key = key
    assert (await keys.proved(provider.token(algorithm=algorithm))).actor.subject == "u1"


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def test_junk_lets_nothing_be_read(provider: Provider, keys: IssuerKeys) -> None:
    key = another("unknown")
    claims = {"iss": provider.url, "aud": "shangliang", "sub": "u", "exp": 2e9}
    now = int(provider.clock.now().timestamp())
    junk = [
        "a", "a.b.c", "....", "停.车.位", "x" * 100_000,
        f"{part({'alg': 'ES256'})}.{part([])}.AA",
        f"{part({'alg': 'ES256'})}.{'W' * 6000}.AA",
        f"{part({'alg': 'none'})}.{part(claims)}.",
        f"{part({'alg': 'XX999', 'kid': 'k'})}.{part(claims)}.AA",
        f"{part({'alg': ['ES256']})}.{part(claims)}.AA",
        provider.token(key=OctKey.generate_key(256), algorithm="HS256"),
        provider.token(key=key, iss="https://elsewhere.example"),
        provider.token(key=key, aud="elsewhere"),
        provider.token(key=key, exp=now - 60),
        provider.token(key=key, sub=""),
        provider.token(key=key, grants="all"),
        provider.token(key=key, jti=7),
        provider.token(key=key, nbf=now + 60),
        provider.token(key=key, iat=now + 60),
        provider.token(key=key, aud={"shangliang": True}),
        provider.token(key=key, about="x" * MOST_CHARACTERS),
        f"{part({'alg': 'ES256', 'kid': ['k']})}.{part(claims)}.AA",
        *(
            f"{part({'alg': 'ES256', 'kid': 'k', **header})}.{part(claims)}.AA"
            for header in (
                {"crit": ["b64"], "b64": False}, {"crit": ["b64"], "b64": True}, {"b64": False}, {"crit": ["exp"]},
                {"crit": ["exp"], "exp": 2e9}, {"crit": "kid"}, {"crit": 7}, {"typ": 7}, {"x5c": "AA"},
                {"about": "x" * MOST_HEADER_CHARACTERS},
            )
        ),
        f"{base64.urlsafe_b64encode(b'[' * 6000).decode()}.{part(claims)}.AA",
        f"{part({'alg': 'ES256', 'kid': 'k'})}.{part(claims)}.",
        f"{part({'alg': 'ES256', 'kid': 'k'})}.{part(claims)}.A",
    ]  # fmt: skip
    for token in junk:
        with pytest.raises(InvalidToken):
            await keys.proved(token)
    assert provider.reads == 0


async def test_what_a_header_says_beside_is_passed_over(provider: Provider, keys: IssuerKeys) -> None:
    chain = [base64.b64encode(b"x" * 1500).decode()] * 2
    for header in ({"pi.atm": "one"}, {"typ": "at+jwt"}, {"x5c": chain}, {"b64": True}):
        token = provider.token(header=header)
        assert (await keys.proved(token)).actor.subject == "u1"


async def test_discovery_document_has_to_name_the_issuer(provider: Provider, keys: IssuerKeys) -> None:
    provider.named = "https://elsewhere.example"
    with pytest.raises(IssuerAway):
        await keys.proved(provider.token())
    provider.named = None
    provider.pass_(COOL_DOWN_S)
    assert (await keys.proved(provider.token())).actor.subject == "u1"


async def endless() -> AsyncIterator[bytes]:
    """Yield more than an answer may have, without its length."""
    for _ in range(2 * MOST_BYTES // 4096):
        yield b" " * 4096


def zipped(text: bytes) -> Response:
    return Response(gzip.compress(text), headers={"content-encoding": "gzip", "content-type": "application/json"})


@pytest.fixture
def warned() -> Iterator[list[Any]]:
    """What is logged."""
    with structlog.testing.capture_logs() as logs:
        yield logs


@pytest.mark.parametrize("path", [DISCOVERY, KEYS])
@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lambda: Response(b" " * MOST_BYTES + b"{}"), f"more than {MOST_BYTES} bytes"),
        (lambda: StreamingResponse(endless()), f"more than {MOST_BYTES} bytes"),
        (lambda: zipped(b" " * 64 * MOST_BYTES), "the encoding 'gzip', which was not asked for"),
        (lambda: RedirectResponse("/elsewhere"), "Redirect response '307 Temporary Redirect'"),
        (lambda: Response(b"[" * 100_000), "answers no JSON"),
        (lambda: Response(b"no JSON"), "answers no JSON"),
        (lambda: Response(b"\xff"), "answers no JSON"),
        (lambda: JSONResponse([]), "answers JSON that is no object"),
        (lambda: JSONResponse(7), "answers JSON that is no object"),
    ],
)
async def test_answer_that_is_none_of_an_issuer_is_not_taken(
    provider: Provider, keys: IssuerKeys, warned: list[Any], path: str, said: Any, why: str
) -> None:
    await keys.renew()
    known = provider.token()
    visited = provider.visited.copy()
    provider.said = {path: said()}
    provider.pass_(REFRESH_S)
    await keys.renew()
    with pytest.raises(IssuerAway):
        await keys.proved(provider.token(key=another("new")))
    assert (await keys.proved(known)).actor.subject == "u1"
    assert [(entry["event"], why in entry["error"]) for entry in warned] == [("the issuer's keys cannot be read", True)]
    assert set(provider.visited[len(visited) :]) <= {KEYS}
    provider.said.clear()
    provider.pass_(COOL_DOWN_S)
    await keys.renew()
    assert provider.visited[-1] == KEYS
    assert (await keys.proved(known)).actor.subject == "u1"


@pytest.mark.parametrize(
    "address",
    [
        "http://192.0.2.1/keys", "http://issuer.example.org/keys", "file:///etc/passwd", "ftp://127.0.0.1/keys",
        "/keys", "https://", "http://localhost:0/keys", "http://[::1/keys", "http://127.0.0.1 .example.org/", 7, None,
        [], "",
    ],
)  # fmt: skip
async def test_keys_are_read_over_https_or_from_this_machine_alone(
    provider: Provider, keys: IssuerKeys, warned: list[Any], address: object
) -> None:
    provider.key_address = [] if address is None else address
    with pytest.raises(IssuerAway):
        await keys.proved(provider.token())
    assert ["its keys are read over https" in entry["error"] for entry in warned] == [True]
    assert provider.visited == []


async def test_set_of_too_many_keys_is_not_taken(provider: Provider, keys: IssuerKeys, warned: list[Any]) -> None:
    entries = [another(f"beside {number}").as_dict(private=False) for number in range(MOST_KEYS)]
    provider.beside = entries[1:]
    assert (await keys.proved(provider.token())).actor.subject == "u1"
    provider.beside = entries
    provider.pass_(REFRESH_S)
    await keys.renew()
    assert [entry["error"] for entry in warned] == [
        f"its set has {MOST_KEYS + 1} keys that may verify tokens, at most {MOST_KEYS} are taken"
    ]


async def test_keys_of_one_name_are_each_tried(provider: Provider, keys: IssuerKeys) -> None:
    provider.beside = [another("one").as_dict(private=False)]
    assert (await keys.proved(provider.token())).actor.subject == "u1"
    with pytest.raises(InvalidToken, match="bad_signature"):
        await keys.proved(provider.token(key=another("one")))


async def test_key_that_a_token_brings_along_verifies_nothing(provider: Provider, keys: IssuerKeys) -> None:
    own = another("own")
    said = {"iss": provider.url, "aud": "shangliang", "sub": "u1", "exp": int(provider.clock.now().timestamp()) + 60}
    for header in ({"jwk": own.as_dict(private=False)}, {"jku": f"{provider.url}/elsewhere"}, {"x5u": provider.url}):
        token = jwt.encode({"alg": "ES256", **header}, said, own, algorithms=["ES256"])
        with pytest.raises(InvalidToken, match="none of the issuer's keys"):
            await keys.proved(token)
        provider.pass_(COOL_DOWN_S)
    assert set(provider.visited) == {KEYS}


@pytest.fixture
def served(schema: Schema, seeded_db: Database, provider: Provider, keys: IssuerKeys) -> Application:
    return application(schema, seeded_db, IssuerAuthenticator(keys, provider.clock))


ASKED = {
    "JSON": ("POST", "/graphql", {"accept": "application/json"}),
    "GraphQL response": ("POST", "/graphql", {"accept": "application/graphql-response+json"}),
    "event stream": ("POST", "/graphql", {"accept": "text/event-stream"}),
    "export": ("GET", "/export/topics.csv", {}),
}


@pytest.mark.parametrize("transport", [*ASKED])
async def test_issuer_that_is_away_is_503_over_http(provider: Provider, served: Application, transport: str) -> None:
    provider.up = False
    method, path, headers = ASKED[transport]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://test") as client:
        for _ in range(5):
            sent = {**headers, "authorization": f"Bearer {provider.token()}"}
            body = {"query": "{ __typename }"} if method == "POST" else None
            answer = await client.request(method, path, headers=sent, json=body)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, str(int(COOL_DOWN_S)))
            assert answer.headers["content-type"].partition(";")[0] in {
                "application/json", "application/graphql-response+json",
            }  # fmt: skip
            (error,) = answer.json()["errors"]
            assert error["extensions"] == {"code": "UNAVAILABLE", "retryAfter": int(answer.headers["Retry-After"])}
            assert "issuer cannot be reached" in error["message"]
        assert provider.reads == 1
        anonymous = await client.post("/graphql", json={"query": "{ __typename }"})
        assert anonymous.json() == {"data": {"__typename": "Query"}}
        provider.up = True
        provider.pass_(COOL_DOWN_S)
        sent = {"authorization": f"Bearer {provider.token()}"}
        known = await client.post("/graphql", json={"query": "{ viewer { subject } }"}, headers=sent)
        assert known.json() == {"data": {"viewer": {"subject": "u1"}}}


async def test_websocket_closes_with_try_again_later_while_the_issuer_is_away(
    provider: Provider, served: Application
) -> None:
    provider.up = False
    init = {"type": "connection_init", "payload": {"authorization": f"Bearer {provider.token()}"}}
    incoming = iter([{"type": "websocket.connect"}, {"type": "websocket.receive", "text": orjson.dumps(init).decode()}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming, {"type": "websocket.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "websocket", "path": "/graphql", "headers": [(b"host", b"test")], "query_string": b"",
        "subprotocols": ["graphql-transport-ws"],
    }  # fmt: skip
    await served(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert sent[1]["code"] == 1013
    assert "issuer cannot be reached" in sent[1]["reason"]
