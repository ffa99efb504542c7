"""Bearer tokens (JWT, RFC 7519): verified claims become an actor; a local issuer for places without one."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey
from joserfc.util import urlsafe_b64decode
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from services.core.actor import Actor, Grant, Role
from services.core.bounds import CODE as CODE_OF_DEPARTMENT
from services.core.bounds import SUBJECT
from services.core.codes import Code
from services.core.errors import DomainError, InvalidInput
from services.core.key_files import key_in
from services.core.scope import shortest_code
from services.core.words import Language, Phrase, Words

LOCAL_ISSUER = "shangliang-local"
LOCAL_ALGORITHM = "ES256"
KEYS_OF = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""The type and the curve of each algorithm's keys."""
ISSUER_ALGORITHMS = tuple(KEYS_OF)
"""Algorithms taken from an outside issuer: asymmetric ones only, so that a public key never signs."""
RSA_BITS = 2048
"""The shortest RSA key that is taken (RFC 7518, 3.3)."""
LEEWAY_S = 30
MOST_CHARACTERS = 16_384
"""How long a token may be."""
MOST_HEADER_CHARACTERS = 8192
"""How long a token's header may be; one may bring a chain of certificates."""
MOST_PROVED = 10_000
"""Tokens whose proof is remembered, by their digests."""


TOKEN_TOO_LONG = Words(
    "The token has {length} characters, at most {most} are taken.", "令牌有{length}个字符，最多{most}个。"
)
NOT_VALID = Words("The token is not valid: {why}.", "令牌无效：{why}。")
UNFIT_GRANTS = Words("The token's grants cannot be used: {why}.", "令牌中的授权无法使用：{why}。")
UNFIT_SUBJECT = Words("The token's sub takes {takes}; this one {fault}.", "令牌的sub应为{takes}；所给内容{fault}。")
MALFORMED = Words("The token is malformed.", "令牌格式有误。")
OTHER_ALGORITHM = Words(
    "The token is not valid: its algorithm is none of {taken}.", "令牌无效：签名算法不是{taken}之一。"
)


class InvalidToken(DomainError):
    """A token that proves nothing: malformed, expired, of another issuer or signed by another key.

    `reason` is a code of why.
    """

    code = Code.INVALID_TOKEN

    def __init__(self, message: Words | Phrase, *, reason: str = "malformed") -> None:
        super().__init__(message)
        self.reason = reason


class GrantClaim(BaseModel):
    """A grant as a token carries it: a role, over a division's subtree or for a department; without either, nothing."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    within: str | None = None
    department: str | None = None

    @field_validator("within")
    @classmethod
    def shortest(cls, code: str | None) -> str | None:
        """Return a division's code without the zeros that pad it."""
        try:
            return None if code is None else shortest_code(code)
        except InvalidInput:
            raise ValueError(f"{code!r} is not a division code") from None

    @model_validator(mode="after")
    def check(self) -> "GrantClaim":
        """Require that the place is one that the role can have."""
        if (self.role is Role.DEPARTMENT) != (self.department is not None):
            raise ValueError("the role DEPARTMENT, and no other, names a department")
        if self.department is not None and CODE_OF_DEPARTMENT.fault(self.department):
            raise ValueError(f"a department's code takes {CODE_OF_DEPARTMENT.words.told(Language.ENGLISH)}")
        return self

    def grant(self) -> Grant:
        """Return the grant."""
        return Grant(self.role, self.within, self.department)


class Proved(NamedTuple):
    """Whom a token speaks for, and until when, in seconds since 1970; its id (`jti`) where it has one."""

    actor: Actor
    until: float
    token_id: str | None = None


class UnknownKey(InvalidToken):
    """A token, otherwise in order, of a key that is not among the issuer's known ones."""

    words = Words(
        "The token is not valid: it is signed by none of the issuer's keys.", "令牌无效：不是由签发方的密钥签名。"
    )

    def __init__(self) -> None:
        super().__init__(self.words, reason="unknown_key")


def verifying_keys(document: object) -> list[Key]:
    """Return the keys of a JWK set (RFC 7517) that may verify tokens; keys of other types and uses are passed over.

    Raises ValueError for what is no set.
    """
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("a JWK set is an object with a list of keys")  # noqa: TRY004 -- it is data that is wrong
    return [key for entry in entries if (key := _verifying_key(entry)) is not None]


def _verifying_key(entry: object) -> Key | None:
    """Return a key of a set; None for one that no algorithm of an issuer takes."""
    if not isinstance(entry, dict) or entry.get("kty") not in [kind for kind, _ in KEYS_OF.values()]:
        return None
    uses = entry.get("key_ops", ["verify"])
    if entry.get("use", "sig") != "sig" or not isinstance(uses, list) or "verify" not in uses:
        return None
    try:
        key = JWKRegistry.import_key(entry)
        weak = isinstance(key, RSAKey) and key.raw_value.key_size < RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if not weak and any(_takes(key, algorithm) for algorithm in ISSUER_ALGORITHMS) else None


def _takes(key: Key, algorithm: str) -> bool:
    """Return whether a key is one of an algorithm's."""
    kind, curve = KEYS_OF[algorithm]
    return key.key_type == kind and curve in {None, key.get("crv")} and key.get("alg") in {None, algorithm}


class TokenRegistry(jws.JWSRegistry):
    """What headers of tokens are taken: what they say beside is passed over, unless it is critical (RFC 7515, 4).

    A payload that is not encoded is none of a token's (RFC 7797, 7).
    """

    default_header_registry = {  # noqa: RUF012 -- as the base class declares it
        name: parameter for name, parameter in jws.JWSRegistry.default_header_registry.items() if name != "b64"
    }
    max_header_length = MOST_HEADER_CHARACTERS

    def __init__(self, algorithms: Sequence[str]) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)


class Verifier:
    """Verifies tokens of one issuer with pinned algorithms."""

    def __init__(self, keys: Sequence[Key], *, issuer: str, audience: str, algorithms: tuple[str, ...]) -> None:
        self._keys = keys
        self._algorithms = list(algorithms)
        self._registry = TokenRegistry(self._algorithms)
        self._issuer = issuer
        self._audience = audience
        self._proved: OrderedDict[bytes, Proved] = OrderedDict()

    def proved(self, token: str, now: datetime) -> Proved:
        """Return whom the token speaks for and until when; what was proved before is not proved again while it holds.

        A token that is taken late, within the leeway, holds to the leeway's end. Raises InvalidToken; UnknownKey only
        for a token whose header, claims and form are in order.
        """
        if len(token) > MOST_CHARACTERS:
            raise InvalidToken(TOKEN_TOO_LONG(length=len(token), most=MOST_CHARACTERS), reason="too_long")
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        known = self._proved.get(digest)
        if known is not None and now.timestamp() < known.until:
            return known
        proved = self._prove(token, now)
        if now.timestamp() >= proved.until:
            proved = proved._replace(until=proved.until + LEEWAY_S)
        self._proved[digest] = proved
        if len(self._proved) > MOST_PROVED:
            self._proved.popitem(last=False)
        return proved

    def _prove(self, token: str, now: datetime) -> Proved:
        """Return whom the token speaks for and when it expires. Raises InvalidToken."""
        try:
            said = self._extracted(token)
            claims = orjson.loads(said.payload or b"")
            self._claims(now).validate(claims)
            proved = Proved(_actor(claims), float(claims["exp"]), _token_id(claims))
            self._check_signature(token, said)
        except JoseError as error:
            raise InvalidToken(NOT_VALID(why=str(error)), reason=error.error) from error
        except ValidationError as error:
            problem = "; ".join(item["msg"] for item in error.errors())
            raise InvalidToken(UNFIT_GRANTS(why=problem), reason="grants") from error
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise InvalidToken(MALFORMED) from error
        return proved

    def _extracted(self, token: str) -> jws.CompactSignature:
        """Return a token's parts. Raises InvalidToken, JoseError, ValueError for a header or a form never taken."""
        said = jws.extract_compact(token.encode(), registry=self._registry)
        if said.headers().get("alg") not in self._algorithms:
            raise InvalidToken(OTHER_ALGORITHM(taken=tuple(self._algorithms)), reason="unsupported_algorithm")
        self._registry.check_header(said.headers())
        if not urlsafe_b64decode(said.segments["signature"]):
            raise BadSignatureError
        return said

    def _claims(self, now: datetime) -> jwt.JWTClaimsRegistry:
        """Return what checks claims."""
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def _check_signature(self, token: str, said: jws.CompactSignature) -> None:
        """Require that the key that the token names signed it, or any where it names none.

        Raises UnknownKey, JoseError.
        """
        algorithm, key_id = said.headers()["alg"], said.headers().get("kid")
        fitting = [key for key in self._keys if key_id in {None, key.get("kid")} and _takes(key, algorithm)]
        for key in fitting:
            try:
                if jws.deserialize_compact(token, key, registry=self._registry).payload == said.payload:
                    return
            except BadSignatureError:
                continue
        if fitting and key_id is not None:
            raise BadSignatureError
        raise UnknownKey


def _actor(claims: Mapping[str, Any]) -> Actor:
    """Return the actor of verified claims. Raises ValidationError for grants that are none."""
    grants = claims.get("grants", [])
    if not isinstance(grants, list) or not isinstance(claims["sub"], str):
        raise TypeError("grants is a list and sub a string")
    fault = SUBJECT.fault(claims["sub"])
    if fault is not None:
        raise InvalidToken(UNFIT_SUBJECT(takes=SUBJECT.words, fault=fault))
    given = [GrantClaim.model_validate(grant) for grant in grants]
    return Actor(claims["sub"], tuple(claim.grant() for claim in given if claim.within or claim.department))


def _token_id(claims: Mapping[str, Any]) -> str | None:
    """Return a token's id. Raises TypeError where it is no text."""
    token_id = claims.get("jti")
    if not isinstance(token_id, str | None):
        raise TypeError("jti is a text")
    return token_id


class LocalIssuer:
    """Signs tokens with a key pair of this installation, made when first needed."""

    def __init__(self, key: ECKey, audience: str) -> None:
        self._key = key
        self._audience = audience

    @classmethod
    def load(cls, path: Path, *, audience: str) -> "LocalIssuer":
        """Return the issuer with the private key in the file, made there (mode 0600) where there is none."""
        pem = key_in(path, lambda: ECKey.generate_key("P-256").as_pem(private=True))
        return cls(ECKey.import_key(pem), audience)

    def sign(self, subject: str, grants: list[GrantClaim], *, now: datetime, lifetime: timedelta) -> str:
        """Return a token for the subject with the grants."""
        claims = {
            "iss": LOCAL_ISSUER,
            "aud": self._audience,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "jti": str(uuid4()),
            "grants": [grant.model_dump(mode="json", exclude_none=True) for grant in grants],
        }
        return self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        """Return a JWT of the claims."""
        return jwt.encode({"alg": LOCAL_ALGORITHM}, claims, self._key, algorithms=[LOCAL_ALGORITHM])

    def key_set(self) -> dict[str, Any]:
        """Return the JWK set (RFC 7517) by which anybody verifies what is signed."""
        return {"keys": [{**self._key.as_dict(private=False), "use": "sig", "alg": LOCAL_ALGORITHM}]}

    def verifier(self) -> Verifier:
        """Return what verifies this issuer's tokens."""
        return Verifier([self._key], issuer=LOCAL_ISSUER, audience=self._audience, algorithms=(LOCAL_ALGORITHM,))
