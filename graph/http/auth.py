import asyncio
import math
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException

from graph.http.issuer import IssuerAway, IssuerKeys
from graph.language import language
from services.access.book import GrantBook
from services.core.actor import ANONYMOUS, Actor
from services.core.clock import Clock
from services.core.tokens import InvalidToken, LocalIssuer, Proved
from services.core.words import Words

NOBODY = Proved(ANONYMOUS, math.inf)
"""A caller without a token, whose rights do not expire."""
REVOKED = Words(
    "The token is refused: it was revoked, or its subject is blocked.", "令牌被拒绝：令牌已撤销，或账号已停用。"
)
EXPIRED = Words("The token has expired; come back with a new one.", "令牌已过期，请重新登录。")
NO_BEARER = Words(
    "The Authorization header is not of the form: Bearer <token>.", "Authorization头的格式应为：Bearer <令牌>。"
)
LOOK_S = 60.0
"""How often the clock is read while a token is valid: it may be set meanwhile."""


@dataclass(slots=True)  # made for each request: frozen, it would take three times as long
class Speaker:
    """The caller of a connection, with their present rights, until their token expires or is revoked."""

    proved: Proved
    clock: Clock
    book: GrantBook | None = None

    def actor(self) -> Actor:
        """Return the caller with their present rights. Raises InvalidToken once their token has ended."""
        if self.left_s() <= 0:
            raise InvalidToken(EXPIRED, reason="expired_token")
        if self.revoked():
            raise InvalidToken(REVOKED, reason="revoked")
        return self.rights()

    def rights(self) -> Actor:
        """Return the caller with their present rights, whether or not their token has ended."""
        return self.book.widen(self.proved.actor) if self.book else self.proved.actor

    def revoked(self) -> bool:
        """Return whether the token was revoked or its subject blocked."""
        return self.book is not None and self.book.refuses(self.proved.actor.subject, self.proved.token_id)

    def left_s(self) -> float:
        """Return the seconds until the token expires; infinity for an anonymous caller."""
        return self.proved.until - self.clock.now().timestamp()

    async def ended(self) -> InvalidToken:
        """Wait until the token has ended; return how."""
        while True:
            try:
                self.actor()
            except InvalidToken as error:
                return error
            pause_s = min(self.left_s(), LOOK_S)
            await (self.book.refusals_changed(pause_s) if self.book else asyncio.sleep(pause_s))


class Authenticator(Protocol):
    """Tells who is asking."""

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header; an anonymous one without it.

        Raises InvalidToken; IssuerAway where it cannot be told now.
        """
        ...


async def spoken(authenticator: Authenticator, authorization: str | None) -> Speaker:
    """Return the caller. Raises HTTPException: 401 for an invalid token, 503 where that cannot be told now."""
    try:
        return await authenticator.speaker(authorization)
    except IssuerAway as error:
        raise HTTPException(503, error.told(language()), {"Retry-After": str(error.retry_after_s)}) from error
    except InvalidToken as error:
        raise HTTPException(
            401, error.told(language()), {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        ) from error


def bearer(authorization: str | None) -> str | None:
    """Return the bearer token (RFC 6750) of an Authorization header. Raises InvalidToken for another scheme."""
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken(NO_BEARER, reason="no_bearer")
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
    """Adds the grants kept for a subject to those that its token carries, and refuses who is to be refused."""

    def __init__(self, proof: Authenticator, book: GrantBook) -> None:
        self._proof = proof
        self._book = book

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken."""
        found = await self._proof.speaker(authorization)
        speaker = Speaker(found.proved, found.clock, self._book)
        if speaker.revoked():
            raise InvalidToken(REVOKED, reason="revoked")
        return speaker


class IssuerAuthenticator:
    """Takes tokens of an OpenID Connect issuer."""

    def __init__(self, keys: IssuerKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def speaker(self, authorization: str | None) -> Speaker:
        """Return the caller named by an Authorization header. Raises InvalidToken, IssuerAway."""
        token = bearer(authorization)
        return Speaker(NOBODY if token is None else await self._keys.proved(token), self._clock)
