"""What a process is made of: settings, pools, tokens, servers of its own where none are given."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from graph.engine import Engine
from graph.http.auth import Authenticator, IssuerAuthenticator, LocalAuthenticator, WideningAuthenticator
from graph.schema import Schema
from services.access.book import GrantBook
from services.access.errors import CONSTRAINTS as ACCESS
from services.centers.errors import CONSTRAINTS as CENTERS
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import ConstraintRefusal
from services.core.idempotency import CONSTRAINTS as IDEMPOTENCY
from services.core.keys import CONSTRAINTS as KEYS
from services.core.keys import CURSOR, installation_key
from services.core.settings import Settings
from services.core.tables import refusals_of_bounds
from services.core.tokens import LocalIssuer
from services.departments.errors import CONSTRAINTS as DEPARTMENTS
from services.divisions.errors import CONSTRAINTS as DIVISIONS
from services.duty.errors import CONSTRAINTS as DUTY
from services.matters.errors import CONSTRAINTS as MATTERS
from services.members.errors import CONSTRAINTS as MEMBERS
from services.migrations.tables import metadata
from services.notices.errors import CONSTRAINTS as NOTICES
from services.outcomes.errors import CONSTRAINTS as OUTCOMES
from services.plans.errors import CONSTRAINTS as PLANS
from services.platforms.errors import CONSTRAINTS as PLATFORMS
from services.search.errors import CONSTRAINTS as SEARCH
from services.sessions.errors import CONSTRAINTS as SESSIONS
from services.tallies.errors import CONSTRAINTS as TALLIES
from services.topics.errors import CONSTRAINTS as TOPICS
from services.trace.errors import CONSTRAINTS as TRACE

REFUSALS: Mapping[str, ConstraintRefusal] = {
    **IDEMPOTENCY,
    **KEYS,
    **DIVISIONS,
    **PLATFORMS,
    **MEMBERS,
    **DEPARTMENTS,
    **ACCESS,
    **CENTERS,
    **MATTERS,
    **TOPICS,
    **PLANS,
    **SESSIONS,
    **OUTCOMES,
    **DUTY,
    **NOTICES,
    **TALLIES,
    **SEARCH,
    **TRACE,
    **refusals_of_bounds(metadata),
}
"""What the violation of each of the database's constraints means."""


@asynccontextmanager
async def open_database(settings: Settings, url: str) -> AsyncIterator[Database]:
    """Yield the pools of one process."""
    db = await Database.open(
        url,
        read_url=settings.read_database_url,
        refusals=REFUSALS,
        read_connections=settings.read_connections,
        write_connections=settings.write_connections,
        export_connections=settings.export_connections,
        statement_timeout_s=settings.statement_timeout_s,
    )
    try:
        yield db
    finally:
        await db.close()


async def read_engine(settings: Settings, schema: Schema, db: Database, clock: Clock) -> Engine:
    """Return what executes requests by the settings' limits and rules."""
    return Engine(
        schema,
        db,
        clock,
        cursor_key=await installation_key(db.reads, CURSOR),
        limits=settings.limit,
        hide_suggestions=settings.hide_suggestions,
        policy=settings.policy,
    )


def local_issuer(settings: Settings) -> LocalIssuer:
    """Return the issuer of this installation's own tokens."""
    path = settings.signing_key_file or settings.state_dir / "keys" / "signing.pem"
    return LocalIssuer.load(path, audience=settings.oidc_audience)


def authenticator(settings: Settings, clock: Clock, book: GrantBook) -> Authenticator:
    """Return who verifies tokens, by the configured issuer's keys or the local pair, and adds what the book holds."""
    if settings.oidc_issuer:
        proof: Authenticator = IssuerAuthenticator(settings.oidc_issuer, settings.oidc_audience, clock)
    else:
        proof = LocalAuthenticator(local_issuer(settings), clock)
    return WideningAuthenticator(proof, book)
