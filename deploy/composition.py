"""What a process is made of: settings, pools, tokens, servers of its own where none are given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from graph.documents import TrustedDocuments, read_manifests
from graph.engine import Engine
from graph.http.auth import Authenticator, IssuerAuthenticator, LocalAuthenticator, WideningAuthenticator
from graph.http.issuer import open_issuer
from graph.schema import Schema
from services.access.book import GrantBook
from services.core.clock import Clock
from services.core.database import Database
from services.core.keys import CURSOR, installation_key
from services.core.settings import Documents, Settings
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS


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
        hide_suggestions=settings.hide_suggestions or settings.documents is Documents.ONLY,
        policy=settings.policy,
        documents=TrustedDocuments(read_manifests(settings.trusted_documents), settings.documents),
    )


class IssuerMissing(Exception):
    """Whoever reads the local issuer's key file is anybody: in production tokens come from elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            "SHANGLIANG_ENVIRONMENT is production, where tokens of the local issuer are not taken: set "
            "SHANGLIANG_OIDC_ISSUER to an OpenID Connect issuer, or SHANGLIANG_ENVIRONMENT to development for a trial."
        )


def require_issuer(settings: Settings) -> None:
    """Require that there is an issuer whose tokens may be taken. Raises IssuerMissing."""
    if settings.environment == "production" and settings.oidc_issuer is None:
        raise IssuerMissing


def local_issuer(settings: Settings) -> LocalIssuer:
    """Return the issuer of this installation's own tokens. Raises IssuerMissing in production."""
    require_issuer(settings)
    path = settings.signing_key_file or settings.state_dir / "keys" / "signing.pem"
    return LocalIssuer.load(path, audience=settings.oidc_audience)


@asynccontextmanager
async def open_authenticator(settings: Settings, clock: Clock, book: GrantBook) -> AsyncIterator[Authenticator]:
    """Yield who verifies tokens, by the configured issuer's keys or the local pair, and adds what the book holds."""
    if settings.oidc_issuer is None:
        yield WideningAuthenticator(LocalAuthenticator(local_issuer(settings), clock), book)
        return
    async with open_issuer(settings.oidc_issuer, settings.oidc_audience, clock) as keys:
        yield WideningAuthenticator(IssuerAuthenticator(keys, clock), book)
