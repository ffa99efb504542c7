"""Bearer tokens (JWT, RFC 7519): verified claims become an actor; a local issuer for places without one."""

import os
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from services.core.actor import Actor, Grant, Role
from services.core.bounds import CODE as CODE_OF_DEPARTMENT
from services.core.bounds import SUBJECT
from services.core.errors import DomainError, InvalidInput
from services.core.scope import shortest_code

LOCAL_ISSUER = "shangliang-local"
LOCAL_ALGORITHM = "ES256"
ISSUER_ALGORITHMS = ("ES256", "ES384", "RS256", "PS256", "EdDSA")
"""Algorithms taken from an outside issuer: asymmetric ones only, so that a public key never signs."""
LEEWAY_S = 30
MOST_PROVED = 10_000
"""Tokens whose proof is remembered."""


class InvalidToken(DomainError):
    """A token that proves nothing: malformed, expired, of another issuer or signed by another key."""

    code = "INVALID_TOKEN"


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
            raise ValueError(f"a department's code takes {CODE_OF_DEPARTMENT.words}")
        return self

    def grant(self) -> Grant:
        """Return the grant."""
        return Grant(self.role, self.within, self.department)


class Proved(NamedTuple):
    """Whom a token speaks for, and until when, in seconds since 1970."""

    actor: Actor
    until: float


class Verifier:
    """Verifies tokens of one issuer with pinned algorithms."""

    def __init__(self, keys: KeySet, *, issuer: str, audience: str, algorithms: tuple[str, ...]) -> None:
        self._keys = keys
        self._algorithms = list(algorithms)
        self._issuer = issuer
        self._audience = audience
        self._proved: OrderedDict[str, Proved] = OrderedDict()

    def proved(self, token: str, now: datetime) -> Proved:
        """Return whom the token speaks for and until when; what was proved before is not proved again while it holds.

        A token that is taken late, within the leeway, holds to the leeway's end. Raises InvalidToken.
        """
        known = self._proved.get(token)
        if known is not None and now.timestamp() < known.until:
            return known
        actor, expires = self._prove(token, now)
        self._proved[token] = proved = Proved(actor, expires if now.timestamp() < expires else expires + LEEWAY_S)
        if len(self._proved) > MOST_PROVED:
            self._proved.popitem(last=False)
        return proved

    def _prove(self, token: str, now: datetime) -> tuple[Actor, float]:
        """Return whom the token speaks for and when it expires. Raises InvalidToken."""
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self._keys, algorithms=self._algorithms)
            registry.validate(decoded.claims)
            return _actor(decoded.claims), float(decoded.claims["exp"])
        except JoseError as error:
            raise InvalidToken(f"The token is not valid: {error}.") from error
        except ValidationError as error:
            problem = "; ".join(item["msg"] for item in error.errors())
            raise InvalidToken(f"The token's grants cannot be used: {problem}.") from error
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise InvalidToken("The token is malformed.") from error


def _actor(claims: Mapping[str, Any]) -> Actor:
    """Return the actor of verified claims. Raises ValidationError for grants that are none."""
    grants = claims.get("grants", [])
    if not isinstance(grants, list) or not isinstance(claims["sub"], str):
        raise TypeError("grants is a list and sub a string")
    fault = SUBJECT.fault(claims["sub"])
    if fault is not None:
        raise InvalidToken(f"The token's sub takes {SUBJECT.words}; this one {fault}.")
    given = [GrantClaim.model_validate(grant) for grant in grants]
    return Actor(claims["sub"], tuple(claim.grant() for claim in given if claim.within or claim.department))


class LocalIssuer:
    """Signs tokens with a key pair of this installation, made when first needed."""

    def __init__(self, key: ECKey, audience: str) -> None:
        self._key = key
        self._audience = audience

    @classmethod
    def load(cls, path: Path, *, audience: str) -> "LocalIssuer":
        """Return the issuer with the private key in the file, made there (mode 0600) where there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = ECKey.generate_key("P-256").as_pem(private=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(fresh)
            try:
                os.link(draft, path)  # the first process to get here wins; the others read its key
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls(ECKey.import_key(path.read_bytes()), audience)

    def sign(self, subject: str, grants: list[GrantClaim], *, now: datetime, lifetime: timedelta) -> str:
        """Return a token for the subject with the grants."""
        claims = {
            "iss": LOCAL_ISSUER,
            "aud": self._audience,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "grants": [grant.model_dump(mode="json", exclude_none=True) for grant in grants],
        }
        return jwt.encode({"alg": LOCAL_ALGORITHM}, claims, self._key, algorithms=[LOCAL_ALGORITHM])

    def verifier(self) -> Verifier:
        """Return what verifies this issuer's tokens."""
        keys = KeySet([self._key])
        return Verifier(keys, issuer=LOCAL_ISSUER, audience=self._audience, algorithms=(LOCAL_ALGORITHM,))
