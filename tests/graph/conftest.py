from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.budgets import Budgets
from graph.engine import Engine
from graph.http.app import Application, create_app
from graph.http.auth import Authenticator, LocalAuthenticator, WideningAuthenticator
from graph.http.console import Console
from graph.schema import Schema, build_schema
from services.access.book import GrantBook
from services.core.actor import Role
from services.core.clock import Clock, SystemClock
from services.core.database import Database
from services.core.pipeline import PipelinedConnection, Read
from services.core.policy import Policy
from services.core.security import SecurityLog
from services.core.tokens import LocalIssuer
from services.notices.hub import Hub
from tests import servers
from tests.graph.aftermath import CONVERT_OUTCOME, Aftermath
from tests.graph.api import Api
from tests.graph.story import Story


@pytest.fixture(scope="session")
def schema() -> Schema:
    return build_schema()


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    path: Path = tmp_path_factory.mktemp("keys") / "signing.pem"
    return LocalIssuer.load(path, audience="shangliang")


def application(
    schema: Schema,
    db: Database,
    issuer: LocalIssuer | Authenticator,
    *,
    explorer: bool = True,
    console: Console | None = None,
    book: GrantBook | None = None,
    policy: Policy | None = None,
    clock: Clock | None = None,
    body_bytes: int = 100_000,
    security: SecurityLog | None = None,
    budgets: Budgets | None = None,
    public_url: str = "",
) -> Application:
    engine = Engine(
        schema,
        db,
        clock or SystemClock(),
        cursor_key=b"a key of the tests",
        policy=policy,
        budgets=budgets,
    )
    proof = LocalAuthenticator(issuer, SystemClock()) if isinstance(issuer, LocalIssuer) else issuer
    authenticator = WideningAuthenticator(proof, book or GrantBook(db))
    hub = Hub(db, backlog=10)
    return create_app(
        schema,
        engine,
        db,
        authenticator,
        hub=hub,
        body_bytes=body_bytes,
        explorer=explorer,
        console=console,
        security=security,
        public_url=public_url,
    )


@pytest.fixture(scope="session")
async def seeded_db(seeded_url: str) -> AsyncIterator[Database]:
    db = await servers.open_as(seeded_url)
    yield db
    await db.close()


@pytest.fixture(scope="session")
def api(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """An anonymous client over the demonstration province, for reading."""
    return Api(application(schema, seeded_db, issuer), issuer)


@pytest.fixture(scope="session")
def subgraph_schema() -> Schema:
    return build_schema(federation=True)


@pytest.fixture(scope="session")
def subgraph(subgraph_schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """An anonymous client over the same province as a subgraph of a federation."""
    return Api(application(subgraph_schema, seeded_db, issuer), issuer)


@pytest.fixture
def plain_api(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """An anonymous client of an application without the explorer."""
    return Api(application(schema, seeded_db, issuer, explorer=False), issuer)


@pytest.fixture
async def writable_db(counties_url: str) -> AsyncIterator[Database]:
    db = await servers.open_as(counties_url)
    yield db
    await db.close()


@pytest.fixture
def writing(schema: Schema, writable_db: Database, issuer: LocalIssuer) -> Api:
    """Qinshui's secretariat over a province of its own, for writing."""
    return Api(application(schema, writable_db, issuer), issuer).as_(Role.SECRETARIAT, "140521")


@pytest.fixture
async def story(writing: Api) -> Story:
    story = Story(writing)
    await story.begin()
    return story


@pytest.fixture
async def aftermath(writing: Api) -> Aftermath:
    """A topic with a session in the calendar, forestry supporting it, and a member of the county."""
    story = Aftermath(writing)
    await story.begin()
    await story.involve("qinshui-forestry", "SUPPORT")
    await story.list_()
    await story.schedule()
    await story.link()
    return story


@pytest.fixture
async def agreed(aftermath: Aftermath) -> Aftermath:
    """The same after its session, with an opinion, an outcome, a commitment and a conversion."""
    held = await aftermath.hold(opinions=[{"role": "RESIDENT", "text": "树苗要选耐旱的"}])
    aftermath.opinion = held["session"]["opinions"][0]["id"]
    await aftermath.agree()
    await aftermath.assign()
    values = {"outcome": aftermath.outcome, "kind": "SUGGESTION", "title": "关于补植的建议"}
    converted = await aftermath.api.act(CONVERT_OUTCOME, input=values)
    aftermath.conversion = converted["conversion"]["id"]
    return aftermath


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the read driver executes while the test runs."""
    sent: list[str] = []
    send = PipelinedConnection.execute

    def note(connection: PipelinedConnection, read: Read) -> None:
        sent.append(read.sql)
        send(connection, read)

    monkeypatch.setattr(PipelinedConnection, "execute", note)
    return sent
