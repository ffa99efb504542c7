"""The authorization code grant with PKCE (RFC 6749, RFC 7636): what is asked for, and codes that hold once."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.sign_in.persons import Person

METHOD = "S256"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
CODE_S = 60.0
"""How long a code holds."""
MOST_CODES = 10_000
"""Codes that are remembered; the oldest is forgotten first."""


class Refused(Exception):
    """A request that is refused, by the code that the standards have for it."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """What a front end asks for: a code that only it can redeem."""

    redirect_uri: str
    challenge: str
    nonce: str | None

    @classmethod
    def read(cls, parameters: Mapping[str, str], redirect_uri: str) -> "Asked":
        """Return what a request's parameters ask for. Raises Refused."""
        if parameters.get("response_type") != "code":
            raise Refused("unsupported_response_type", "response_type is code.")
        if parameters.get("response_mode", "query") != "query":
            raise Refused("invalid_request", "response_mode is query.")
        if "openid" not in parameters.get("scope", "").split():
            raise Refused("invalid_scope", "scope has openid.")
        if parameters.get("code_challenge_method") != METHOD:
            raise Refused("invalid_request", f"code_challenge_method is {METHOD}.")
        if not CHALLENGE.fullmatch(challenge := parameters.get("code_challenge", "")):
            raise Refused("invalid_request", "code_challenge is the SHA-256 of the verifier, in 43 characters.")
        if "none" in parameters.get("prompt", "").split():
            raise Refused("login_required", "Nobody is kept signed in here.")
        return cls(redirect_uri, challenge, parameters.get("nonce"))


@dataclass(frozen=True, slots=True)
class Grant:
    """Whom a code lets sign in, for whom it was asked, and when."""

    asked: Asked
    person: Person
    at: float


class Codes:
    """The codes that are out, in memory: one process answers."""

    def __init__(self) -> None:
        self._grants: OrderedDict[str, Grant] = OrderedDict()

    def issue(self, grant: Grant) -> str:
        """Return a code for a grant."""
        code = secrets.token_urlsafe(32)
        self._grants[code] = grant
        if len(self._grants) > MOST_CODES:
            self._grants.popitem(last=False)
        return code

    def redeem(self, code: str, redirect_uri: str | None, verifier: str, now: float) -> Grant:
        """Return what a code grants, which holds no more from now on, right or wrong as the rest is. Raises Refused."""
        grant = self._grants.pop(code, None)
        if grant is None or not 0 <= now - grant.at < CODE_S:
            raise Refused("invalid_grant", "The code is unknown, was redeemed or has expired.")
        if redirect_uri != grant.asked.redirect_uri:
            raise Refused("invalid_grant", "The redirect_uri is another than the code was asked for.")
        if not VERIFIER.fullmatch(verifier) or not secrets.compare_digest(
            challenge_of(verifier), grant.asked.challenge
        ):
            raise Refused("invalid_grant", "The code_verifier is not that of the code_challenge.")
        return grant


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
