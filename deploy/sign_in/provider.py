"""The provider's endpoints (OpenID Connect Core, Discovery, RP-Initiated Logout; RFC 9207).

Authlib's servers are for Flask and Django: what another would need of it is as long as what stands here.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from deploy.sign_in import pages
from deploy.sign_in.client import Client, Untrusted
from deploy.sign_in.codes import METHOD, Asked, Codes, Grant, Refused
from deploy.sign_in.persons import Person, person_of, person_with
from graph.http.auth import bearer
from services.core.clock import Clock
from services.core.tokens import LOCAL_ALGORITHM, InvalidToken, LocalIssuer

LIFETIME = timedelta(hours=1)
"""How long the tokens hold."""
MOST_BYTES = 16_384
"""How long a request's body may be."""
FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}


class Provider:
    """Lets people sign in by one click.

    Access tokens are the local issuer's own, as the API takes them; to the front end they are opaque, and what it reads
    are the provider's id tokens.
    """

    def __init__(self, url: str, client: Client, issuer: LocalIssuer, clock: Clock) -> None:
        """Take the provider's own address, as the front end is told."""
        self._url = url
        self._client = client
        self._issuer = issuer
        self._verifier = issuer.verifier()
        self._clock = clock
        self._codes = Codes()

    async def discovery(self, _request: Request) -> Response:
        """Answer what the provider is and can."""
        base = self._url.rstrip("/")
        return JSONResponse(
            {
                "issuer": self._url,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "end_session_endpoint": f"{base}/end-session",
                "jwks_uri": f"{base}/keys",
                "scopes_supported": ["openid", "profile"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "code_challenge_methods_supported": [METHOD],
                "token_endpoint_auth_methods_supported": ["none"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [LOCAL_ALGORITHM],
                "claims_supported": ["sub", "name", "name#en", "preferred_username"],
                "ui_locales_supported": ["zh-CN", "en"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def keys(self, _request: Request) -> Response:
        """Answer the keys that verify tokens."""
        return JSONResponse(self._issuer.key_set())

    async def authorize(self, request: Request) -> Response:
        """Send the person named by `login_hint` back with a code; without, show whom one may sign in as."""
        try:
            given = await _given(request)
            parameters = dict(given)
            redirect_uri = self._client.check(parameters.get("client_id"), parameters.get("redirect_uri"))
        except (Refused, Untrusted) as error:
            return pages.untrusted(str(error))
        try:
            _require_single(given)
            asked = Asked.read(parameters, redirect_uri)
        except Refused as error:
            answer = {"error": error.code, "error_description": error.description}
        else:
            person = person_of(parameters.get("login_hint"))
            if person is None:
                return pages.choice(parameters)
            answer = {"code": self._codes.issue(Grant(asked, person, self._clock.now().timestamp()))}
        if "state" in parameters:
            answer["state"] = parameters["state"]
        return _redirect(redirect_uri, {**answer, "iss": self._url})

    async def token(self, request: Request) -> Response:
        """Answer a code and its verifier with tokens."""
        try:
            given = await _given(request)
            _require_single(given)
            return JSONResponse(self._redeemed(dict(given)), headers=NO_STORE)
        except Refused as error:
            answer = {"error": error.code, "error_description": error.description}
            return JSONResponse(answer, 400, NO_STORE)

    async def userinfo(self, request: Request) -> Response:
        """Answer who a token speaks for."""
        try:
            token = bearer(request.headers.get("authorization"))
            person = person_with(self._verifier.proved(token or "", self._clock.now()).actor.subject)
        except InvalidToken:
            person = None
        if person is None:
            challenge = {**NO_STORE, "WWW-Authenticate": 'Bearer error="invalid_token"'}
            return JSONResponse({"error": "invalid_token"}, 401, challenge)
        return JSONResponse({"sub": person.subject, **profile(person)}, headers=NO_STORE)

    async def end_session(self, request: Request) -> Response:
        """Send whoever signs out back to the front end; nobody is kept signed in here."""
        try:
            parameters = dict(await _given(request))
            back = parameters.get("post_logout_redirect_uri")
            if back is None:
                return pages.signed_out()
            self._client.check_address("post_logout_redirect_uri", back)
        except (Refused, Untrusted) as error:
            return pages.untrusted(str(error))
        return _redirect(back, {"state": parameters["state"]} if "state" in parameters else {})

    def _redeemed(self, parameters: Mapping[str, str]) -> dict[str, object]:
        """Return the answer to a code. Raises Refused."""
        if parameters.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type", "grant_type is authorization_code.")
        if parameters.get("client_id") != self._client.id:
            raise Refused("invalid_client", f"client_id is {self._client.id}.")
        now = self._clock.now()
        grant = self._codes.redeem(
            parameters.get("code", ""),
            parameters.get("redirect_uri"),
            parameters.get("code_verifier", ""),
            now.timestamp(),
        )
        person = grant.person
        claims = {
            "iss": self._url,
            "aud": self._client.id,
            "sub": person.subject,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "auth_time": int(grant.at),
            **({} if grant.asked.nonce is None else {"nonce": grant.asked.nonce}),
            **profile(person),
        }
        return {
            "access_token": self._issuer.sign(person.subject, [person.grant], now=now, lifetime=LIFETIME),
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "scope": "openid profile",
            "id_token": self._issuer.signed(claims),
        }


def profile(person: Person) -> dict[str, str]:
    """Return what is said of a person; a claim in another language is named as OpenID Connect Core, 5.2, has it."""
    return {"name": person.name, "name#en": person.name_in_english, "preferred_username": person.key}


async def _given(request: Request) -> list[tuple[str, str]]:
    """Return a request's parameters: of the address or, by POST, of the form. Raises Refused."""
    if request.method != "POST":
        return request.query_params.multi_items()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refused("invalid_request", f"The body is {FORM}.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Refused("invalid_request", f"The body has at most {MOST_BYTES} bytes.")
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def _require_single(given: Iterable[tuple[str, str]]) -> None:
    """Require that no parameter is given twice (RFC 6749, 3.1). Raises Refused."""
    names = [name for name, _ in given]
    if len(names) != len(set(names)):
        raise Refused("invalid_request", "A parameter is given twice.")


def _redirect(address: str, answer: Mapping[str, str]) -> Response:
    """Return the answer to a browser that goes on to an address with more parameters."""
    if answer:
        address += ("&" if "?" in address else "?") + urlencode(answer)
    return RedirectResponse(address, 303, NO_STORE)
