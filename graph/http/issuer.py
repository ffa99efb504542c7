"""The keys of an OpenID Connect issuer: read on a schedule, and for a token of a key that is not known."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from math import ceil, inf
from typing import Any

import httpx
import orjson
import structlog

from services.core.clock import Clock
from services.core.errors import Unavailable
from services.core.issuers import unfit_key_address
from services.core.tokens import ISSUER_ALGORITHMS, Proved, UnknownKey, Verifier, verifying_keys
from services.core.words import Words

DISCOVERY = "/.well-known/openid-configuration"
REFRESH_S = 300.0
"""How often the keys are read: how long a key that the issuer took back is trusted at most."""
COOL_DOWN_S = 10.0
"""The least time between two readings, whatever tokens come and whether the issuer answers."""
KEEP_S = 6 * 3600.0
"""For how long keys are trusted that cannot be read again."""
TIMEOUT_S = 5.0
"""How long a reading may take."""
MOST_BYTES = 1 << 20
"""How long an answer of the issuer may be."""
MOST_KEYS = 100
"""How many keys of a set may verify tokens: a token that names none is tried with each."""
LOOK_S = 1.0
"""How often the schedule is looked at."""

log = structlog.get_logger()


class IssuerAway(Unavailable):
    """The issuer's keys cannot be read, so that it cannot be told whether a token is valid."""

    words = Words(
        "The token cannot be verified now: its issuer cannot be reached; try again.",
        "暂时无法验证令牌：联系不上签发方，请重试。",
    )

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(self.words, retry_after_s=retry_after_s)


class IssuerKeys:
    """The present keys of one issuer. However many wait for them, they are read once."""

    def __init__(self, issuer: str, audience: str, clock: Clock) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._known: object = None
        self._verifier = self._verifier_of({"keys": []})
        self._read_at = -inf
        self._tried_at = -inf
        self._away = False
        self._reading: asyncio.Task[None] | None = None

    async def proved(self, token: str) -> Proved:
        """Return whom a token speaks for. Raises InvalidToken, IssuerAway.

        Only a token in order but for its key lets the keys be read.
        """
        try:
            return self._present().proved(token, self._clock.now())
        except UnknownKey:
            await self._read_again()
        try:
            return self._present().proved(token, self._clock.now())
        except UnknownKey:
            if self._away:
                raise IssuerAway(max(1, ceil(COOL_DOWN_S - self._since(self._tried_at)))) from None
            raise

    async def renew(self) -> None:
        """Read the keys where the schedule says so."""
        if self._since(self._read_at) >= REFRESH_S:
            await self._read_again()

    async def keep(self) -> None:
        """Read the keys on schedule until cancelled."""
        while True:
            await self.renew()
            await asyncio.sleep(LOOK_S)

    def _since(self, instant: float) -> float:
        """Return the seconds since an instant; infinity where the clock was set back behind it."""
        passed_s = self._clock.now().timestamp() - instant
        return passed_s if passed_s >= 0 else inf

    def _present(self) -> Verifier:
        """Return the verifier; one without keys where they are too old."""
        if self._known is not None and self._since(self._read_at) > KEEP_S:
            log.error("the issuer's keys are too old to be trusted", issuer=self._issuer)
            self._known, self._verifier = None, self._verifier_of({"keys": []})
        return self._verifier

    async def _read_again(self) -> None:
        """Wait for the reading under way, or for a new one; neither where the last was just now."""
        if self._reading is None:
            if self._since(self._tried_at) < COOL_DOWN_S:
                return
            self._tried_at = self._clock.now().timestamp()
            self._reading = asyncio.create_task(self._read())
        await asyncio.shield(self._reading)

    async def _read(self) -> None:
        """Take in the keys; where they cannot be read, those that were read before stay."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                found = await fetched(self._issuer)
            if found != self._known:
                self._known, self._verifier = found, self._verifier_of(found)
            self._read_at, self._away = self._clock.now().timestamp(), False
        except Exception as error:  # noqa: BLE001 -- whatever an issuer answers, the schedule goes on
            if not self._away:
                log.warning("the issuer's keys cannot be read", issuer=self._issuer, error=str(error) or repr(error))
            self._away = True
        finally:
            self._reading = None

    def _verifier_of(self, found: object) -> Verifier:
        """Return what verifies by a JWK set. Raises ValueError."""
        keys = verifying_keys(found)
        return Verifier(keys, issuer=self._issuer, audience=self._audience, algorithms=ISSUER_ALGORITHMS)


async def fetched(issuer: str) -> object:
    """Return an issuer's JWK set. Raises httpx.HTTPError; ValueError for what is none."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S, headers={"accept-encoding": "identity"}) as client:
        discovery = await _answered(client, issuer.rstrip("/") + DISCOVERY)
        if (named := discovery.get("issuer")) != issuer:
            raise ValueError(
                f"its discovery document is of the issuer {named!r}: SHANGLIANG_OIDC_ISSUER has to "
                "say the same, to the last character"
            )
        address = str(discovery.get("jwks_uri"))
        if fault := unfit_key_address(address, issuer=issuer):
            raise ValueError(fault)
        found = await _answered(client, address)
    count = len(verifying_keys(found))
    if count > MOST_KEYS:
        raise ValueError(f"its set has {count} keys that may verify tokens, at most {MOST_KEYS} are taken")
    if not count:
        log.warning("the issuer has no keys that verify tokens", issuer=issuer)
    return found


async def _answered(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the JSON object that an address answers: no redirection is followed. Raises httpx.HTTPError, ValueError.

    An answer is taken as it is sent, so that its length is what is read.
    """
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        if (encoding := answer.headers.get("content-encoding", "identity")) != "identity":
            raise ValueError(f"{address} answers in the encoding {encoding!r}, which was not asked for")
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError(f"{address} answers more than {MOST_BYTES} bytes")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{address} answers no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{address} answers JSON that is no object")  # noqa: TRY004 -- it is data that is wrong
    return found


@asynccontextmanager
async def open_issuer(issuer: str, audience: str, clock: Clock) -> AsyncIterator[IssuerKeys]:
    """Yield the issuer's keys, kept up to date; an issuer that is away does not keep the block from beginning."""
    keys = IssuerKeys(issuer, audience, clock)
    keeping = asyncio.create_task(keys.keep())
    try:
        yield keys
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
