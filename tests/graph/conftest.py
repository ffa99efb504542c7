from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from deploy.composition import REFUSALS
from graph.http.app import create_app
from graph.http.auth import LocalAuthenticator
from graph.schema import Schema, build_schema
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.tokens import GrantClaim, LocalIssuer


class Api:
    """A client of the application, as somebody."""

    def __init__(self, app: Starlette, issuer: LocalIssuer, token: str | None = None) -> None:
        self._app = app
        self._issuer = issuer
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    def as_(self, role: Role, within: str | None = None, department: str | None = None) -> "Api":
        """Return a client with a grant."""
        grant = GrantClaim(role=role, within=within, department=department)
        now = datetime.now(UTC)
        return Api(
            self._app, self._issuer, self._issuer.sign("somebody", [grant], now=now, lifetime=timedelta(hours=1))
        )

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer of an operation."""
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, query: str, **variables: Any) -> Any:
        """Return the data of an operation without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def act(self, mutation: str, **variables: Any) -> Any:
        """Return the payload of a mutation that was not refused."""
        payload = next(iter((await self.data(mutation, **variables)).values()))
        assert payload["errors"] == []
        return payload

    async def refusal(self, mutation: str, **variables: Any) -> dict[str, Any]:
        """Return the one error of a mutation that was refused."""
        payload = next(iter((await self.data(mutation, **variables)).values()))
        (error,) = payload["errors"]
        assert [value for key, value in payload.items() if key != "errors"] == [None]
        found: dict[str, Any] = error
        return found


@pytest.fixture(scope="session")
def schema() -> Schema:
    return build_schema()


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    path: Path = tmp_path_factory.mktemp("keys") / "signing.pem"
    return LocalIssuer.load(path, audience="shangliang")


def application(schema: Schema, db: Database, issuer: LocalIssuer) -> Starlette:
    clock = SystemClock()
    return create_app(schema, db, LocalAuthenticator(issuer, clock), clock, body_bytes=100_000)


@pytest.fixture(scope="session")
async def seeded_db(seeded_url: str) -> AsyncIterator[Database]:
    db = await Database.open(seeded_url, refusals=REFUSALS, read_connections=1)
    yield db
    await db.close()


@pytest.fixture(scope="session")
def api(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """An anonymous client over the demonstration province, for reading."""
    return Api(application(schema, seeded_db, issuer), issuer)


@pytest.fixture
async def writable_db(writable_seeded_url: str) -> AsyncIterator[Database]:
    db = await Database.open(writable_seeded_url, refusals=REFUSALS, read_connections=1)
    yield db
    await db.close()


@pytest.fixture
def writing(schema: Schema, writable_db: Database, issuer: LocalIssuer) -> Api:
    """Qinshui's secretariat over a province of its own, for writing."""
    return Api(application(schema, writable_db, issuer), issuer).as_(Role.SECRETARIAT, "140521")
