"""Passwords of the broker's accounts: drawn here, hashed before they leave."""

import base64
import hashlib
import secrets

SALT_BYTES = 4
HASHING = "rabbit_password_hashing_sha256"


def new_password() -> str:
    """Return a password of 32 letters, digits, hyphens and underscores: 192 bits by the system's random source."""
    return secrets.token_urlsafe(24)


def password_hash(password: str, salt: bytes | None = None) -> str:
    """Return a password's hash as RabbitMQ keeps it: base64 of a salt of 4 bytes and SHA-256 of salt and password.

    See https://www.rabbitmq.com/docs/passwords#computing-password-hash.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def account_entry(name: str, hash_: str) -> dict[str, str]:
    """Return an account as the management API and a definitions file have it: without a tag, so no management."""
    return {"name": name, "password_hash": hash_, "hashing_algorithm": HASHING, "tags": ""}
