"""A verb with a key runs once: the same key and input give the first result again."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from services.core.bounds import IDEMPOTENCY_KEY as KEY
from services.core.bounds import SUBJECT
from services.core.codes import Code
from services.core.errors import ConstraintRefusal, IdempotencyKeyReused
from services.core.tables import GUARDED, INSTANT, TableModel, bounded, table_of
from services.core.transaction import WriteTx
from services.core.words import Words

CONSTRAINTS = {
    "pk_idempotency_key": ConstraintRefusal(
        Code.CONFLICT,
        Words("The idempotency key was used at the same time.", "幂等键同时被使用。"),
        ("idempotency_key",),
    ),
}


class IdempotencyKey(TableModel, table=True):
    """A key that a subject used, what for, and what came of it."""

    __tablename__ = "idempotency_key"
    __table_args__ = bounded(subject=SUBJECT, key=(KEY, "idempotency_key"))

    subject: str = Field(primary_key=True, sa_column_kwargs=GUARDED)
    key: str = Field(primary_key=True)
    fingerprint: str
    result: str | None = None
    at: datetime = Field(sa_type=INSTANT)


CLAIM = insert(table_of(IdempotencyKey)).on_conflict_do_nothing().returning(col(IdempotencyKey.key))
KEEP = (
    update(table_of(IdempotencyKey))
    .where(col(IdempotencyKey.subject) == bindparam("of_subject"), col(IdempotencyKey.key) == bindparam("of_key"))
    .values(result=bindparam("result"))
)


def _plain(value: object) -> object:
    """Return what of JSON stands for a value: for a dataclass its fields, else its text."""
    return {field.name: getattr(value, field.name) for field in fields(value)} if is_dataclass(value) else str(value)


def fingerprint(verb: str, values: object) -> str:
    """Return a digest of a verb and its input, a dataclass."""
    text = json.dumps([verb, values], sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class EarlierResult(Exception):
    """What a key gave before."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


async def take_key(tx: WriteTx, *, subject: str, key: str, digest: str, now: datetime) -> None:
    """Claim the key for this transaction.

    A second transaction with the same key waits for the first to end. Raises EarlierResult where the key was used
    before, IdempotencyKeyReused where it was used with another input.
    """
    claimed = await tx.run(CLAIM, {"subject": subject, "key": key, "fingerprint": digest, "at": now})
    if claimed:
        return
    earlier = await tx.get_one(IdempotencyKey, {"subject": subject, "key": key})
    if earlier.fingerprint != digest:
        raise IdempotencyKeyReused(key)
    raise EarlierResult(str(earlier.result))


async def keep_result(tx: WriteTx, *, subject: str, key: str, result: str) -> None:
    """Store what the verb gave under its key."""
    await tx.run(KEEP, {"of_subject": subject, "of_key": key, "result": result})
