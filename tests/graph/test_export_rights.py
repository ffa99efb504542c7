"""Rights that are taken back, and tokens that end, while an export is under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.identity import described
from graph.http.app import Application
from graph.schema import Schema
from services.access.book import GrantBook, open_book
from services.access.commands import grant_role, revoke_role
from services.access.revocation import block_subject, revoke_token
from services.core.act import Act
from services.core.actor import Actor, Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.rows import BATCH
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS
from tests.events.tools import until
from tests.graph.conftest import application
from tests.graph.reader import Reader
from tests.world import ACTOR, build


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """A database with topics for several batches."""
    db = await Database.open(migrated_url, refusals=REFUSALS, read_connections=1)
    await build(db, migrated_url, topics=3 * BATCH)
    yield db
    await db.close()


@pytest.fixture
async def book(db: Database, migrated_url: str) -> AsyncIterator[GrantBook]:
    async with open_book(db, migrated_url) as book:
        yield book


@pytest.fixture
def app(schema: Schema, db: Database, issuer: LocalIssuer, book: GrantBook) -> Application:
    return application(schema, db, issuer, book=book)


@pytest.fixture
def do(db: Database) -> Callable[..., Awaitable[Any]]:
    async def done(command: Callable[..., Awaitable[Any]], **values: Any) -> Any:
        async with db.write() as tx:
            return await command(Act(tx, ACTOR, SystemClock()), **values)

    return done


def signed(issuer: LocalIssuer, subject: str, lifetime_s: float = 3600) -> str:
    return issuer.sign(subject, [], now=datetime.now(UTC), lifetime=timedelta(seconds=lifetime_s))


async def rest(reader: Reader) -> bytes:
    """Return what came when the file ended or was cut, having taken all that was sent."""
    taking = asyncio.create_task(reader.take(1000))
    await asyncio.wait_for(reader.answered, 10)
    taking.cancel()
    return b"".join(reader.parts)


@pytest.mark.parametrize("how", ["grant", "token", "subject"])
async def test_export_is_cut_short_when_what_it_was_requested_by_is_taken_back(
    app: Application, book: GrantBook, db: Database, issuer: LocalIssuer, do: Callable[..., Any], how: str
) -> None:
    key = await do(grant_role, subject="li", role=Role.CADRE, division="140521", department=None)
    token, other = signed(issuer, "li"), signed(issuer, "wang")
    await until(lambda: _granted(book, "li", 1))
    whole = await rest(Reader(app, other))
    reader, kept = Reader(app, token), Reader(app, other)
    await reader.take(1)
    await kept.take(1)
    match how:
        case "grant":
            await do(revoke_role, grant_id=key)
            await until(lambda: _granted(book, "li", 0))
        case "token":
            await do(revoke_token, token_id=described(token)[0], until=None)
            await until(lambda: _refused(book, "li", described(token)[0]))
        case _:
            await do(block_subject, subject="li", until=None)
            await until(lambda: _refused(book, "li", None))
    came = await rest(reader)
    # The part that was on its way when the right was taken back is the last.
    assert (reader.statuses, reader.ended, came.count(b"\n")) == ([200], False, 2 * BATCH)
    assert whole.startswith(came)
    assert (await rest(kept), kept.ended) == (whole, True)
    assert db.rows.under_way == 0


async def test_export_of_a_caller_who_is_given_more_or_whose_token_expires_is_whole(
    app: Application, book: GrantBook, issuer: LocalIssuer, do: Callable[..., Any]
) -> None:
    whole = await rest(Reader(app, signed(issuer, "li")))
    reader = Reader(app, signed(issuer, "li", lifetime_s=2))
    await reader.take(1)
    await do(grant_role, subject="li", role=Role.CADRE, division="140521", department=None)
    await until(lambda: _granted(book, "li", 1))
    await asyncio.sleep(2)
    assert (await rest(reader), reader.ended) == (whole, True)
    assert (reader.statuses, whole.count(b"\n")) == ([200], 3 * BATCH)


async def _granted(book: GrantBook, subject: str, grants: int) -> bool:
    return len(book.widen(Actor(subject)).grants) == grants


async def _refused(book: GrantBook, subject: str, token_id: str | None) -> bool:
    return book.refuses(subject, token_id)
