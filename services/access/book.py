"""Grants and revocations in force, kept in memory by each process that answers: no request asks who may what."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import func, select
from sqlmodel import col

from services.access.models import Revocation, RoleGrant
from services.core.actor import Actor, Grant
from services.core.database import Database
from services.core.faults import fault
from services.core.scope import division_code
from services.departments.models import Department
from services.notices.wake import Wake, woken

ACCESS_CHANNEL = "shangliang_access"
"""Where changes of grants are notified; a notification is a hint to read again now."""

POLL_S = 2.0
"""How long a change takes to be in force at most, where its notification is lost."""

log = structlog.get_logger()


class GrantBook:
    """The grants in force by subject, and who is refused."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._grants: Mapping[str, tuple[Grant, ...]] = {}
        self._tokens: frozenset[str] = frozenset()
        self._subjects: frozenset[str] = frozenset()
        self._refusals_changed = asyncio.Event()

    def refuses(self, subject: str | None, token_id: str | None) -> bool:
        """Return whether a subject is blocked or a token revoked."""
        return subject in self._subjects or token_id in self._tokens

    async def refusals_changed(self, timeout_s: float) -> None:
        """Return when others are refused than were, or after the timeout."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._refusals_changed.wait()

    def widen(self, actor: Actor) -> Actor:
        """Return the actor with what it was given beside its token's grants."""
        own = self._grants.get(actor.subject) if actor.subject is not None else None
        return actor if own is None else Actor(actor.subject, actor.grants + own)

    async def read(self) -> None:
        """Take in what is in force now."""
        statement = (
            select(col(RoleGrant.subject), col(RoleGrant.role), col(RoleGrant.division_number), col(Department.code))
            .outerjoin(Department, col(Department.id) == RoleGrant.department_id)
            .where(col(RoleGrant.revoked_at).is_(None))
            .order_by(col(RoleGrant.granted_at), col(RoleGrant.id))
        )
        refused = select(col(Revocation.token_id), col(Revocation.subject)).where(
            col(Revocation.until).is_(None) | (col(Revocation.until) > func.now())
        )
        found = defaultdict(list)
        async with self._db.write() as tx:
            refusals = (await tx.execute(refused)).all()
            for subject, role, number, department in await tx.execute(statement):
                within = None if department else division_code(number)
                found[subject].append(Grant(role, within, department))
        self._grants = {subject: tuple(grants) for subject, grants in found.items()}
        before = self._tokens, self._subjects
        self._tokens = frozenset(token_id for token_id, _ in refusals if token_id is not None)
        self._subjects = frozenset(subject for _, subject in refusals if subject is not None)
        if before != (self._tokens, self._subjects):
            self._refusals_changed.set()
            self._refusals_changed = asyncio.Event()

    async def run(self, wake: Wake) -> None:
        """Read again after every change until cancelled; in an outage of the database what was read stays."""
        failing = False
        while True:
            await wake.wait(POLL_S)
            try:
                await self.read()
                failing = False
            except Exception as error:  # noqa: BLE001 -- what was read last stays in force, and it is tried again
                if not failing:
                    log.warning("the grants cannot be read", error=fault(error))
                failing = True


@asynccontextmanager
async def open_book(db: Database, url: str) -> AsyncIterator[GrantBook]:
    """Yield the book of the database at the address, kept up to date."""
    book = GrantBook(db)
    await book.read()
    async with woken(book.run, url, ACCESS_CHANNEL):
        yield book
