from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from tests import servers
from tests.conftest import fresh_name, template
from tests.live.place import Place, Places
from tests.serving import Served, serving
from tests.world import build

CODES = count(140521001)


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "signing.pem"


@pytest.fixture(scope="session")
def issuer(key: Path) -> LocalIssuer:
    return LocalIssuer.load(key, audience="shangliang")


@pytest.fixture(scope="session")
async def places() -> AsyncIterator[Places]:
    """A county whose streets each test takes one of, in a database of its own."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await servers.open_as(url, read_connections=2)
    yield Places(await build(db, url))
    await db.close()
    await servers.drop_databases(name)


@pytest.fixture
async def place(places: Places) -> Place:
    """A street with a platform, that no other test changes."""
    return await places.new(str(next(CODES)))


@pytest.fixture(scope="session")
async def served(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """The service over the places' database."""
    assert issuer is not None
    async with serving(places.world.url, key) as service:
        yield service


@pytest.fixture
def token(issuer: LocalIssuer, place: Place) -> str:
    """A token of the street's cadre."""
    grant = GrantClaim(role=Role.CADRE, within=place.code)
    return issuer.sign("cadre", [grant], now=datetime.now(UTC), lifetime=timedelta(hours=1))


@pytest.fixture
def court(issuer: LocalIssuer) -> str:
    """A token of the county's court."""
    grant = GrantClaim(role=Role.DEPARTMENT, department="qinshui-court")
    return issuer.sign("court", [grant], now=datetime.now(UTC), lifetime=timedelta(hours=1))
