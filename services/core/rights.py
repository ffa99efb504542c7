"""A caller's rights as the database's own policies take them: told with each transaction, and signed.

What is told is `<HMAC-SHA-256 in hexadecimal>.<JSON>`: as multiranges of division numbers the subtrees seen by staff,
those seen by who runs deliveries and those in which something is written; the departments' codes as an array, the
subject, and until when it may be told. A process that signs has the key from its address of the database; SQL cannot
read it, so what an attacker writes into a statement claims no rights.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache
from time import time
from urllib.parse import unquote, urlsplit

from services.core.actor import SEES, SEES_DELIVERIES, WRITES, Actor, Role
from services.core.errors import InvalidInput
from services.core.scope import multirange
from services.core.wire import array
from services.core.words import Words

SETTING = "shangliang.rights"
"""The database's setting that holds what is told, for one transaction."""
TELL = f"SELECT set_config('{SETTING}', $1, true)"
VALID_S = 600
"""For how long what was signed may be told."""
RENEWED_S = 300
"""How long before its end it is signed anew: clocks may differ by that."""
SALT = b"shangliang rights"
ROUNDS = 4096
NONE = b""
"""What is told where somebody has no rights: a statement before may have left others' on the connection."""
CALLERS = 10_000
"""Whose rights a process keeps in their written form."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a process reads for itself: the feed, the grants of everybody, its keys."""


SERVICE = Service()

Teller = Actor | Service
"""Whose rights are told."""


@lru_cache(maxsize=64)
def rights_key(password: str) -> bytes:
    """Return the key that the password of the API's readers stands for. It is slow to guess by."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), SALT, ROUNDS)


def key_of(url: str) -> bytes | None:
    """Return the key of an address of the database; None where it has no password."""
    password = urlsplit(url).password
    return None if password is None else rights_key(unquote(password))


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and the outer block of HMAC (RFC 2104) with SHA-256."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def told(teller: Teller, until: int) -> bytes | None:
    """Return what is told of somebody's rights, unsigned; None where they have none."""
    if isinstance(teller, Service):
        return json.dumps({"until": until, "service": True}).encode()
    rights: dict[str, object] = {}
    if teller.subject is not None:
        rights["subject"] = teller.subject
    if scopes := teller.scopes(SEES):
        rights["staff"] = multirange(scopes)
    if scopes := teller.scopes(SEES_DELIVERIES):
        rights["delivery"] = multirange(scopes)
    if scopes := teller.scopes(WRITES):
        rights["writes"] = multirange(scopes)
    if departments := teller.departments():
        rights["departments"] = array(departments)
    if teller.scopes(frozenset({Role.MEMBER})):
        rights["member"] = True
    return json.dumps({"until": until, **rights}).encode() if rights else None


def signed(key: bytes, said: bytes) -> bytes:
    """Return what is told as the database takes it."""
    return hmac.digest(key, said, "sha256").hex().encode() + b"." + said


class Signer:
    """Writes rights as they are told, each once for as long as it holds."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._signed: dict[Teller, tuple[float, bytes]] = {}

    def signed(self, teller: Teller) -> bytes:
        """Return somebody's rights as they are told; NONE where they have none.

        Raises InvalidInput for a subject that PostgreSQL cannot hold.
        """
        now = time()
        kept = self._signed.get(teller)
        if kept is not None and kept[0] > now:
            return kept[1]
        if len(self._signed) >= CALLERS:
            self._signed.clear()
        said = told(teller, int(now) + VALID_S)
        if said is not None and b"\\u0000" in said:
            raise InvalidInput(Words("A subject has no U+0000.", "账号不含U+0000。"))
        written = NONE if said is None else signed(self._key, said)
        self._signed[teller] = (now + VALID_S - RENEWED_S, written)
        return written
