import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import httpx
import structlog
from joserfc.jwk import KeySet
from starlette.exceptions import HTTPException

from services.access.book import GrantBook
from services.core.actor import ANONYMOUS, Actor
from services.core.clock import Clock
from services.core.tokens import ISSUER_ALGORITHMS, InvalidToken, LocalIssuer, Proved, Verifier

log = structlog.get_logger()

NOBODY = Proved(ANONYMOUS, math.inf)
"""A caller without a token, whose rights do not expire."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The caller of a connection, with their present rights, until their token expires."""

    proved: Proved
    clock: Clock
    widen: Callable[[Actor], Actor] = field(default=lambda actor: actor)

    def actor(self) -> Actor:
        """Return the caller with their present rights. Raises InvalidToken once their token has expired."""
        if self.left_s() <= 0:
            raise InvalidToken("The token has expired; come back with a new one.")
        return self.rights()

    def rights(self) -> Actor:
        """Return the caller with their present rights, whether or not their token has expired."""
        return self.widen(self.proved.actor)

    def left_s(self) -> float:
        """Return the seconds until the token expires; infinity for an anonymous caller."""
        return self.proved.until - self.clock.now().timestamp()


class Authenticator(Protocol):
    """Tells who is asking."""

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header; an anonymous one without it. Raises InvalidToken."""
        ...


async def spoken(authenticator: Authenticator, authorization: str | None) -> Speaker:
    """Return the caller. Raises HTTPException 401 for an invalid token."""
    try:
        return await authenticator.speaker(authorization)
    except InvalidToken as error:
        raise HTTPException(401, error.message, {"WWW-Authenticate": 'Bearer error="invalid_token"'}) from error


def bearer(authorization: str | None) -> str | None:
    """Return the bearer token (RFC 6750) of an Authorization header. Raises InvalidToken for another scheme."""
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken("The Authorization header is not of the form: Bearer <token>.")
    return token.strip()


class LocalAuthenticator:
    """Takes tokens of the local issuer."""

    def __init__(self, issuer: LocalIssuer, clock: Clock) -> None:
        self._verifier = issuer.verifier()
        self._clock = clock

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken."""
        token = bearer(authorization)
        proved = NOBODY if token is None else self._verifier.proved(token, self._clock.now())
        return Speaker(proved, self._clock)


class WideningAuthenticator:
    """Adds the grants kept for a subject to those that its token carries."""

    def __init__(self, proof: Authenticator, book: GrantBook) -> None:
        self._proof = proof
        self._book = book

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken."""
        return replace(await self._proof.speaker(authorization), widen=self._book.widen)


class IssuerAuthenticator:
    """Takes tokens of an OpenID Connect issuer, whose keys are read from its discovery document."""

    REFRESH_S = 300.0

    def __init__(self, issuer: str, audience: str, clock: Clock) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._verifier: Verifier | None = None
        self._read_at = 0.0

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken."""
        token = bearer(authorization)
        return Speaker(NOBODY if token is None else await self._proved(token), self._clock)

    async def _proved(self, token: str) -> Proved:
        """Return the holder of a token. Raises InvalidToken.

        One that the known keys do not verify is tried once more with fresh ones, at most every five minutes.
        """
        now = self._clock.now()
        stale = now.timestamp() - self._read_at > self.REFRESH_S
        if self._verifier is not None:
            try:
                return self._verifier.proved(token, now)
            except InvalidToken:
                if not stale:
                    raise
        self._read_at = now.timestamp()
        self._verifier = await self._read_keys()
        return self._verifier.proved(token, now)

    async def _read_keys(self) -> Verifier:
        """Return a verifier with the issuer's present keys. Raises InvalidToken when they cannot be read."""
        try:
            async with httpx.AsyncClient(timeout=5.0) as client:
                address = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
                discovery = (await client.get(address)).raise_for_status().json()
                keys = (await client.get(discovery["jwks_uri"])).raise_for_status().json()
        except (httpx.HTTPError, KeyError, ValueError) as error:
            log.warning("the issuer's keys cannot be read", issuer=self._issuer, error=str(error))
            raise InvalidToken("The issuer's keys cannot be read now; try again.") from error
        return Verifier(
            KeySet.import_key_set(keys), issuer=self._issuer, audience=self._audience, algorithms=ISSUER_ALGORITHMS
        )
