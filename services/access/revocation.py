"""Tokens and subjects that are refused: at once, in every process, whatever their tokens say."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import col

from services.access.book import ACCESS_CHANNEL
from services.access.models import Revocation
from services.core.act import Act
from services.core.database import Database
from services.core.errors import NotFound


async def revoke_token(act: Act, *, token_id: str, until: datetime | None) -> None:
    """The token with the id (`jti`) is refused until an instant, or for good. Raises ConstraintViolated."""
    await _refuse(act, col(Revocation.token_id) == token_id, Revocation(
        token_id=token_id, until=until, revoked_by=str(act.actor.subject), revoked_at=act.now()
    ))  # fmt: skip


async def block_subject(act: Act, *, subject: str, until: datetime | None) -> None:
    """Every token of the subject is refused until an instant, or for good. Raises ConstraintViolated."""
    await _refuse(act, col(Revocation.subject) == subject, Revocation(
        subject=subject, until=until, revoked_by=str(act.actor.subject), revoked_at=act.now()
    ))  # fmt: skip


async def unblock_subject(act: Act, *, subject: str) -> None:
    """The subject's tokens are taken again, but for those that are revoked themselves. Raises NotFound."""
    gone = await act.tx.execute(
        delete(Revocation).where(col(Revocation.subject) == subject).returning(col(Revocation.id))
    )
    if gone.first() is None:
        raise NotFound("blocked subject", subject, path=("subject",))
    await act.tx.notify(ACCESS_CHANNEL)


async def _refuse(act: Act, same: ColumnElement[bool], revocation: Revocation) -> None:
    """Put a revocation in the place of one of the same token or subject."""
    await act.tx.execute(delete(Revocation).where(same))
    act.tx.add(revocation)
    await act.tx.notify(ACCESS_CHANNEL)


async def blocked_subjects(db: Database) -> list[Revocation]:
    """Return the blocks that are in force, by subject."""
    statement = (
        select(Revocation)
        .where(col(Revocation.subject).is_not(None))
        .where(col(Revocation.until).is_(None) | (col(Revocation.until) > func.now()))
        .order_by(col(Revocation.subject))
    )
    async with db.write() as tx:
        return [*(await tx.execute(statement)).scalars()]


async def prune_revocations(db: Database, now: datetime) -> int:
    """What is over is gone; return how many rows went."""
    async with db.write() as tx:
        gone = await tx.execute(delete(Revocation).where(col(Revocation.until) <= now).returning(col(Revocation.id)))
        return len(gone.all())
