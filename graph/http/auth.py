from typing import Protocol

import httpx
import structlog
from joserfc.jwk import KeySet
from starlette.exceptions import HTTPException

from services.access.book import GrantBook
from services.core.actor import ANONYMOUS, Actor
from services.core.clock import Clock
from services.core.tokens import ISSUER_ALGORITHMS, InvalidToken, LocalIssuer, Verifier

log = structlog.get_logger()


class Authenticator(Protocol):
    """Tells who is asking."""

    async def actor(self, authorization: str | None) -> Actor:
        """Return the caller by an Authorization header; anonymous without one. Raises InvalidToken."""
        ...


async def caller(authenticator: Authenticator, authorization: str | None) -> Actor:
    """Return who is asking. Raises HTTPException 401 for a token that is not good."""
    try:
        return await authenticator.actor(authorization)
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

    async def actor(self, authorization: str | None) -> Actor:
        """Return the caller by an Authorization header; anonymous without one. Raises InvalidToken."""
        token = bearer(authorization)
        return ANONYMOUS if token is None else self._verifier.actor(token, self._clock.now())


class WideningAuthenticator:
    """Adds to what a token carries what its subject was given here."""

    def __init__(self, proof: Authenticator, book: GrantBook) -> None:
        self._proof = proof
        self._book = book

    async def actor(self, authorization: str | None) -> Actor:
        """Return the caller by an Authorization header; anonymous without one. Raises InvalidToken."""
        return self._book.widen(await self._proof.actor(authorization))


class IssuerAuthenticator:
    """Takes tokens of an OpenID Connect issuer, whose keys are read from its discovery document."""

    REFRESH_S = 300.0

    def __init__(self, issuer: str, audience: str, clock: Clock) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._verifier: Verifier | None = None
        self._read_at = 0.0

    async def actor(self, authorization: str | None) -> Actor:
        """Return the caller by an Authorization header; anonymous without one. Raises InvalidToken.

        A token that the known keys do not verify is tried once more with fresh ones, at most every five minutes.
        """
        token = bearer(authorization)
        if token is None:
            return ANONYMOUS
        now = self._clock.now()
        stale = now.timestamp() - self._read_at > self.REFRESH_S
        if self._verifier is not None:
            try:
                return self._verifier.actor(token, now)
            except InvalidToken:
                if not stale:
                    raise
        self._read_at = now.timestamp()
        self._verifier = await self._read_keys()
        return self._verifier.actor(token, now)

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
