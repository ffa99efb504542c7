"""Signing in by one click, over HTTP, as a front end's OpenID Connect library does it."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.servers.directory import free_port
from deploy.sign_in.codes import challenge_of
from deploy.sign_in.persons import PERSONS, Person
from graph.schema import Schema
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application

CLIENT = "shangliang-console"
OTHER = "http://localhost:5173"
READY_S = 60.0
VERIFIER = secrets.token_urlsafe(48)
WHO = "{ viewer { subject grants { role division { code } department { code } } } }"


class Front:
    """A front end that signs people in."""

    def __init__(self, url: str, hall: str, keys: Path) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False)
        self.url = url
        self.back = f"{hall}/sign-in"
        self.keys = keys

    def authorize(self, **parameters: str | None) -> httpx.Response:
        """Return the answer to a request for a code, which some parameters make another; None leaves one out."""
        asked = {
            "client_id": CLIENT,
            "redirect_uri": self.back,
            "response_type": "code",
            "scope": "openid profile",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "login_hint": "cadre",
            **parameters,
        }
        return self.http.get("/authorize", params={key: value for key, value in asked.items() if value is not None})

    def code(self, **parameters: str | None) -> str:
        """Return a code."""
        return sent_back(self.authorize(**parameters))["code"]

    def token(self, code: str, **parameters: str) -> httpx.Response:
        """Return the answer to a code."""
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "redirect_uri": self.back,
            "code": code,
            "code_verifier": VERIFIER,
            **parameters,
        }
        return self.http.post("/token", data=form)


def sent_back(response: httpx.Response) -> dict[str, str]:
    """Return what a front end is answered in its address."""
    assert response.status_code == 303
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def refusal(response: httpx.Response) -> tuple[int, Any]:
    """Return the status and the code of an error."""
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()["error"]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    state, port, hall = tmp_path_factory.mktemp("sign-in") / "state", free_port(), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    given = {
        "SHANGLIANG_STATE_DIR": str(state),
        "SHANGLIANG_PORT": str(hall),
        "SHANGLIANG_SIGN_IN_PORT": str(port),
        "SHANGLIANG_CORS_ORIGINS": OTHER,
    }
    process = subprocess.Popen([sys.executable, "-m", "deploy", "sign-in"], env={**kept, **given})
    front = Front(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{hall}", state / "keys" / "signing.pem")
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        assert process.poll() is None
        with suppress(httpx.HTTPError):
            front.http.get("/keys")
            break
        time.sleep(0.1)
    yield front
    process.terminate()
    assert process.wait(10) in {0, -15}
    front.http.close()


@pytest.fixture
def signed_in(front: Front, schema: Schema, seeded_db: Database) -> Callable[[str], Api]:
    """What makes a client of the API of an access token."""
    issuer = LocalIssuer.load(front.keys, audience="shangliang")
    app = application(schema, seeded_db, issuer)
    return lambda token: Api(app, issuer, token)


def test_discovery_says_what_there_is(front: Front) -> None:
    found = front.http.get("/.well-known/openid-configuration").json()
    assert found == {
        "issuer": front.url,
        "authorization_endpoint": f"{front.url}/authorize",
        "token_endpoint": f"{front.url}/token",
        "userinfo_endpoint": f"{front.url}/userinfo",
        "end_session_endpoint": f"{front.url}/end-session",
        "jwks_uri": f"{front.url}/keys",
        "scopes_supported": ["openid", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claims_supported": ["sub", "name", "name#en", "preferred_username"],
        "ui_locales_supported": ["zh-CN", "en"],
        "authorization_response_iss_parameter_supported": True,
    }


@pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.key)
async def test_everybody_signs_in_with_their_rights(front: Front, signed_in: Any, person: Person) -> None:
    answered = front.authorize(login_hint=person.key)
    assert answered.headers["location"].startswith(f"{front.back}?code=")
    back = sent_back(answered)
    assert {name: value for name, value in back.items() if name != "code"} == {"state": "state-1", "iss": front.url}
    response = front.token(back["code"])
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    tokens = response.json()
    assert {name: value for name, value in tokens.items() if not name.endswith("_token")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "openid profile",
    }
    keys = KeySet.import_key_set(front.http.get("/keys").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    assert claims["exp"] - claims["iat"] == 3600
    about = {"sub": f"demonstration:{person.key}", "name": person.name, "name#en": person.name_in_english}
    assert {name: value for name, value in claims.items() if name not in {"exp", "iat", "auth_time"}} == {
        "iss": front.url,
        "aud": CLIENT,
        "nonce": "nonce-1",
        "preferred_username": person.key,
        **about,
    }
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert front.http.get("/userinfo", headers=bearer).json() == {**about, "preferred_username": person.key}
    within, department = person.grant.within, person.grant.department
    assert await signed_in(tokens["access_token"]).data(WHO) == {
        "viewer": {
            "subject": f"demonstration:{person.key}",
            "grants": [
                {
                    "role": person.grant.role.value,
                    "division": within and {"code": within},
                    "department": department and {"code": department},
                }
            ],
        }
    }


def test_page_offers_everybody_with_one_click(front: Front) -> None:
    page = front.authorize(login_hint=None)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    assert not re.search(r"<script|<style|style=|\son\w+=|<form", page.text)
    links = re.findall(r'<a href="([^"]+)"><strong>([^<]+)</strong> <span lang="en">([^<]+)</span>', page.text)
    assert [(role, english) for _, role, english in links] == [(one.role, one.role_in_english) for one in PERSONS]
    for (link, _, _), person in zip(links, PERSONS, strict=True):
        back = sent_back(front.http.get(f"/{link}".replace("&amp;", "&")))
        claims = jwt.decode(
            front.token(back["code"]).json()["id_token"],
            KeySet.import_key_set(front.http.get("/keys").json()),
            algorithms=["ES256"],
        ).claims
        assert (claims["preferred_username"], back["state"]) == (person.key, "state-1")
    style = front.http.get("/page.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_unknown_hint_shows_the_page(front: Front) -> None:
    assert front.authorize(login_hint="governor").text == front.authorize(login_hint=None).text


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_request_that_is_refused_is_told_to_the_front_end(
    front: Front, parameters: dict[str, str | None], error: str
) -> None:
    back = sent_back(front.authorize(**parameters))
    assert (back["error"], back["state"], back["iss"], "code" in back) == (error, "state-1", front.url, False)


def test_parameter_given_twice_is_refused(front: Front) -> None:
    asked = front.authorize().request.url
    assert sent_back(front.http.get(f"{asked}&scope=openid"))["error"] == "invalid_request"


@pytest.mark.parametrize(
    "parameters",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://example.org/sign-in"},
        {"redirect_uri": "{hall}.example.org/sign-in"},
        {"redirect_uri": "{hall}@example.org/sign-in"},
        {"redirect_uri": "{hall}"},
        {"redirect_uri": "{hall}/sign-in#here"},
        {"redirect_uri": "{hall}/a/../sign-in"},
        {"redirect_uri": "{hall}/\\example.org"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://[sign-in"},
    ],
)
def test_answer_goes_nowhere_but_to_a_front_end(front: Front, parameters: dict[str, str | None]) -> None:
    hall = front.back.removesuffix("/sign-in")
    given = {name: value and value.replace("{hall}", hall) for name, value in parameters.items()}
    response = front.authorize(**given)
    assert (response.status_code, response.headers.get("location")) == (400, None)
    assert "无法登录" in response.text


def test_front_end_of_a_named_origin_signs_people_in_too(front: Front) -> None:
    back = f"{OTHER}/callback"
    code = front.code(redirect_uri=back)
    response = front.http.post(
        "/token",
        data={
            "grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": back, "code": code,
            "code_verifier": VERIFIER,
        },
        headers={"Origin": OTHER},
    )  # fmt: skip
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, OTHER)
    foreign = front.http.get("/keys", headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in foreign.headers


def test_code_is_redeemed_once(front: Front) -> None:
    code = front.code()
    assert front.token(code).status_code == 200
    assert refusal(front.token(code)) == (400, "invalid_grant")
    assert refusal(front.token("made up")) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"code_verifier": secrets.token_urlsafe(48)}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": challenge_of(VERIFIER)}, "invalid_grant"),
        ({"redirect_uri": f"{OTHER}/callback"}, "invalid_grant"),
    ],
)
def test_code_that_was_tried_wrongly_holds_no_more(front: Front, parameters: dict[str, str], error: str) -> None:
    code = front.code()
    assert refusal(front.token(code, **parameters)) == (400, error)
    assert refusal(front.token(code)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": "another"}, "invalid_client"),
    ],
)
def test_what_redeems_no_code_is_refused(front: Front, parameters: dict[str, str], error: str) -> None:
    assert refusal(front.token(front.code(), **parameters)) == (400, error)


def test_body_that_is_no_form_or_too_long_is_refused(front: Front) -> None:
    assert refusal(front.http.post("/token", json={})) == (400, "invalid_request")
    assert refusal(front.token("x" * 20_000)) == (400, "invalid_request")


def test_userinfo_takes_the_tokens_of_these_persons_alone(front: Front) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        response = front.http.get("/userinfo", headers=headers)
        assert (*refusal(response), response.headers["www-authenticate"]) == (
            401,
            "invalid_token",
            'Bearer error="invalid_token"',
        )


def test_who_signs_out_goes_back(front: Front) -> None:
    hall = front.back.removesuffix("sign-in")
    back = front.http.get("/end-session", params={"post_logout_redirect_uri": hall, "state": "s", "client_id": CLIENT})
    assert (back.status_code, back.headers["location"]) == (303, f"{hall}?state=s")
    foreign = front.http.get("/end-session", params={"post_logout_redirect_uri": "https://example.org/"})
    assert (foreign.status_code, foreign.headers.get("location")) == (400, None)
    assert "已退出" in front.http.get("/end-session").text


def test_provider_answers_for_its_own_hosts_alone(front: Front) -> None:
    assert front.http.get("/keys", headers={"Host": "example.org"}).status_code == 421
    assert front.http.get("/nothing").json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
