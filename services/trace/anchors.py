"""Anchors: the heads of all chains, signed and kept outside the database, by which a database forged whole is found.

A file of anchors has a JSON object a line. Each tells the heads that changed since the one before, the Merkle root of
all heads, and the hash of the anchor before; an Ed25519 signature (RFC 8032) by a key of the installation covers it.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from services.core.errors import DomainError
from services.core.key_files import key_in
from services.trace.rules import BEFORE_THE_FIRST, CANONICAL

FILE = "trace.jsonl"
"""The name of the file in the directory of anchors."""
LEAF, NODE = b"\0", b"\1"
"""What keeps hashes of leaves and of inner nodes apart (RFC 6962, 2.1)."""

Head = tuple[int, str]
"""A chain's last number and the hash of that entry, in hexadecimal digits."""
Heads = Mapping[str, Head]
"""The heads of chains, by the global id of what a chain is of."""


class AnchorsBroken(DomainError):
    """A file of anchors is not what the installation wrote."""

    code = "ANCHORS_BROKEN"


def merkle_root(heads: Heads) -> bytes:
    """Return the Merkle root (RFC 6962) of heads by the order of their chains; of none the SHA-256 of nothing."""
    level = [hashlib.sha256(LEAF + orjson.dumps([chain, *head])).digest() for chain, head in sorted(heads.items())]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [level[index : index + 2] for index in range(0, len(level), 2)]
        level = [hashlib.sha256(NODE + pair[0] + pair[1]).digest() if len(pair) > 1 else pair[0] for pair in pairs]
    return level[0]


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor; `heads` are those that changed since the one before."""

    number: int
    at: datetime
    heads: Heads
    entries: int
    root: str
    previous: str

    def signed_text(self) -> bytes:
        """Return what is signed: canonical JSON (RFC 8785) of all that the anchor says."""
        said = {
            "anchor": self.number,
            "at": self.at.astimezone(UTC),
            "entries": self.entries,
            "heads": self.heads,
            "previous": self.previous,
            "root": self.root,
        }
        return orjson.dumps(said, option=CANONICAL)

    def digest(self) -> str:
        """Return the anchor's SHA-256 in hexadecimal digits."""
        return hashlib.sha256(self.signed_text()).hexdigest()


@dataclass(slots=True)
class Anchored:
    """What a file of anchors tells: its last anchor, all heads as of it, and every head that was ever anchored."""

    last: Anchor | None = None
    heads: dict[str, Head] = field(default_factory=dict)
    every: dict[str, dict[int, tuple[str, datetime]]] = field(default_factory=dict)
    """By chain and number the hash, and when it was anchored first."""

    def follow(self, anchor: Anchor) -> None:
        """Take in the next anchor. Raises AnchorsBroken where it does not follow the last."""
        number, previous = (self.last.number, self.last.digest()) if self.last else (0, BEFORE_THE_FIRST.hex())
        if (anchor.number, anchor.previous) != (number + 1, previous):
            raise AnchorsBroken(f"Anchor {anchor.number} does not follow anchor {number}.")
        for chain, (sequence, digest) in anchor.heads.items():
            known = self.every.setdefault(chain, {})
            if known.setdefault(sequence, (digest, anchor.at))[0] != digest:
                raise AnchorsBroken(f"Anchor {anchor.number} contradicts an earlier one over {chain}.")
            self.heads[chain] = (sequence, digest)
        self.last = anchor

    def check_root(self) -> None:
        """Raise AnchorsBroken unless the last anchor's root is that of all heads."""
        if self.last is not None and merkle_root(self.heads).hex() != self.last.root:
            raise AnchorsBroken(f"The root of anchor {self.last.number} is not that of its heads.")

    def next(self, heads: Heads, now: datetime) -> Anchor:
        """Return the anchor of the heads of now; one that is behind its anchor is left as it was anchored.

        Raises AnchorsBroken for a head that another entry than the anchored one has.
        """
        changed = dict[str, Head]()
        for chain, head in heads.items():
            known = self.heads.get(chain, (0, ""))
            if head[0] == known[0] and head != known:
                raise AnchorsBroken(f"Entry {head[0]} of {chain} is not the one that was anchored.")
            if head[0] > known[0]:
                changed[chain] = head
        present = {**self.heads, **changed}
        return Anchor(
            number=self.last.number + 1 if self.last else 1,
            at=now,
            heads=changed,
            entries=sum(sequence for sequence, _ in present.values()),
            root=merkle_root(present).hex(),
            previous=self.last.digest() if self.last else BEFORE_THE_FIRST.hex(),
        )


def read_anchors(lines: BinaryIO, key: Ed25519PublicKey) -> Anchored:
    """Return what a file of anchors tells. Raises AnchorsBroken, naming the line, where it is not what was written."""
    found = Anchored()
    for number, line in enumerate(lines, 1):
        anchor, signature = _parsed(line, number)
        try:
            key.verify(signature, anchor.signed_text())
        except InvalidSignature as error:
            raise AnchorsBroken(f"Line {number} of the anchors is not signed by this installation's key.") from error
        found.follow(anchor)
    found.check_root()
    return found


def _parsed(line: bytes, number: int) -> tuple[Anchor, bytes]:
    """Return the anchor in a line and its signature. Raises AnchorsBroken."""
    try:
        said: dict[str, Any] = orjson.loads(line)
        heads = {str(chain): (int(head[0]), str(head[1])) for chain, head in said["heads"].items()}
        at = datetime.fromisoformat(said["at"])
        anchor = Anchor(said["anchor"], at, heads, said["entries"], said["root"], said["previous"])
        return anchor, bytes.fromhex(said["signature"])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise AnchorsBroken(f"Line {number} of the anchors is no anchor.") from error


def append_anchor(directory: Path, key: Ed25519PrivateKey, heads: Heads, now: datetime) -> Anchor:
    """Append the anchor of the heads of now to the directory's file (mode 0600), on disk when this returns.

    Where nothing has changed the last one is returned. Raises AnchorsBroken, where the file is not what was written,
    and OSError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(directory / FILE) as file:
        before = read_anchors(file, key.public_key())
        anchor = before.next(heads, now)
        if before.last is not None and not anchor.heads:
            return before.last
        said = {**orjson.loads(anchor.signed_text()), "signature": key.sign(anchor.signed_text()).hex()}
        file.write(orjson.dumps(said, option=CANONICAL) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        return anchor


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to be read from its beginning and appended to, by one process at a time."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _drawn() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file of PEM, made there (mode 0600) where there is none. Raises AnchorsBroken for another."""
    pem = key_in(path, _drawn)
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise AnchorsBroken(f"{path} is no private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AnchorsBroken(f"{path} is no Ed25519 key.")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key as PEM, by which anybody can verify anchors."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(path: Path) -> Ed25519PublicKey:
    """Return the public key in a file of PEM. Raises AnchorsBroken for another, OSError."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (ValueError, TypeError) as error:
        raise AnchorsBroken(f"{path} is no public key in PEM.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise AnchorsBroken(f"{path} is no Ed25519 key.")
    return key
