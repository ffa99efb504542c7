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
"""Who sends no token, which does not end."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks over a connection that lasts: with the rights of now, until their token's end."""

    proved: Proved
    clock: Clock
    widen: Callable[[Actor], Actor] = field(default=lambda actor: actor)

    def actor(self) -> Actor:
        """Return the caller as they stand now. Raises InvalidToken once their token is over."""
        if self.left_s() <= 0:
            raise InvalidToken("The token has expired; come back with a new one.")
        return self.rights()

    def rights(self) -> Actor:
        """Return the caller with the rights of now, whether their token still holds or not."""
        return self.widen(self.proved.actor)

    def left_s(self) -> float:
        """Return for how long the token still holds; without end for an anonymous caller."""
        return self.proved.until - self.clock.now().timestamp()


class Authenticator(Protocol):
    """Tells who is asking."""

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return who speaks over a connection, by an Authorization header; nobody without one. Raises InvalidToken."""
        ...


async def spoken(authenticator: Authenticator, authorization: str | None) -> Speaker:
    """Return who is asking. Raises HTTPException 401 for a token that is not good."""
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
        """Return who speaks over a connection, by an Authorization header. Raises InvalidToken."""
        token = bearer(authorization)
        proved = NOBODY if token is None else self._verifier.proved(token, self._clock.now())
        return Speaker(proved, self._clock)


class WideningAuthenticator:
    """Adds to what a token carries what its subject was given here."""

    def __init__(self, proof: Authenticator, book: GrantBook) -> None:
        self._proof = proof
        self._book = book

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return who speaks over a connection, by an Authorization header. Raises InvalidToken."""
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
        """Return who speaks over a connection, by an Authorization header. Raises InvalidToken."""
        token = bearer(authorization)
        return Speaker(NOBODY if token is None else await self._proved(token), self._clock)

    async def _proved(self, token: str) -> Proved:
        """Return whom a token speaks for. Raises InvalidToken.

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
