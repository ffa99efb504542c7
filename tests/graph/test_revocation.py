import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from typer.testing import CliRunner, Result

from deploy.cli import app
from graph.http.auth import REVOKED
from graph.schema import Schema
from services.access.book import GrantBook, open_book
from services.access.revocation import prune_revocations
from services.core.database import Database
from services.core.tokens import LocalIssuer
from services.migrations.grants import Login
from tests.events.tools import until
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.servers import open_as, settings_of

VIEWER = {"query": "{ viewer { subject } }"}


@pytest.fixture
async def book(writable_db: Database, counties_url: str) -> AsyncIterator[GrantBook]:
    async with open_book(writable_db, counties_url) as book:
        yield book


@pytest.fixture
def anybody(
    schema: Schema, writable_db: Database, issuer: LocalIssuer, book: GrantBook, counties_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Api:  # fmt: skip
    for name, value in {**settings_of(counties_url), "SHANGLIANG_ENVIRONMENT": "development"}.items():
        monkeypatch.setenv(name, value)
    return Api(application(schema, writable_db, issuer, book=book), issuer)


async def run(*arguments: str, text: str | None = None) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, text)


def token_of(api: Api) -> str:
    return str(api.http.headers["authorization"]).removeprefix("Bearer ")


async def taken(api: Api) -> bool:
    """Return whether the API takes the client's token."""
    answer = await api.http.post("/graphql", json=VIEWER)
    if answer.status_code == 200:
        return True
    assert answer.status_code == 401
    assert answer.json()["errors"] == [{"message": REVOKED.english, "extensions": {"code": "INVALID_TOKEN"}}]
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    return False


async def refused(api: Api) -> None:
    """Return when the API refuses the client's token."""

    async def so() -> bool:
        return not await taken(api)

    await until(so, 10)


@pytest.mark.parametrize("way", ["argument", "input", "id"])
async def test_revoked_token_is_refused_and_another_of_its_subject_taken(anybody: Api, way: str) -> None:
    one, other = anybody.signed_in("li"), anybody.signed_in("li")
    assert await taken(one)
    token = token_of(one)
    claims = jwt.decode(token, ECKey.import_key(anybody._issuer._key.as_dict(private=False))).claims  # noqa: SLF001
    match way:
        case "argument":
            done = await run("token", "revoke", token)
        case "input":
            done = await run("token", "revoke", "-", text=f"{token}\n")
        case _:
            done = await run("token", "revoke", "--id", claims["jti"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith(f"The token {claims['jti']} is refused")
    await refused(one)
    assert await taken(other)
    assert (await one.http.get("/export/topics.csv")).status_code == 401
    assert (await run("token", "revoke", token)).exit_code == 0


async def test_blocked_subject_is_refused_until_unblocked(anybody: Api) -> None:
    li, wang = anybody.signed_in("li"), anybody.signed_in("wang")
    assert (await run("subject", "block", "li")).stderr == "li is blocked.\n"
    await refused(li)
    assert not await taken(anybody.signed_in("li"))
    assert await taken(wang)
    assert await taken(anybody.anonymous())
    listed = (await run("subject", "list")).stdout.split("\t")
    assert (listed[0], listed[1], listed[2].partition(":")[0]) == ("li", "-", "cli")
    assert (await run("subject", "unblock", "li")).exit_code == 0

    async def again() -> bool:
        return await taken(li)

    await until(again, 10)
    gone = await run("subject", "unblock", "li")
    assert (gone.exit_code, gone.stderr) == (1, "No blocked subject li exists.\n")


async def test_block_ends_at_its_instant_and_is_pruned(anybody: Api, counties_url: str, book: GrantBook) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=3)
    assert (await run("subject", "block", "li", "--until", ends.strftime("%Y-%m-%dT%H:%M:%S%z"))).exit_code == 0
    await run("subject", "block", "wang")
    await refused(anybody.signed_in("li"))

    async def over() -> bool:
        return await taken(anybody.signed_in("li"))

    await until(over, 10)
    relay = await open_as(counties_url, Login.RELAY)
    assert await prune_revocations(relay, ends) == 1
    assert await prune_revocations(relay, ends + timedelta(days=9999)) == 0
    await relay.close()
    await book.read()
    assert not await taken(anybody.signed_in("wang"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("token",), "A token takes --subject and --role."),
        (("token", "revoke"), "Give the token, or its jti by --id."),
        (("token", "revoke", "a.b.c"), "This is no token"),
        (("token", "revoke", "e30.W10.AA"), "This is no token"),
        (("token", "revoke", "e30.eyJleHAiOjF9.AA"), "The token has no jti"),
        (("token", "revoke", "--id", ""), "token_id takes 1 to 255"),
        (("subject", "block", ""), "subject takes 1 to 255"),
        (("subject", "block", "li", "--until", "2020-01-01"), "2020-01-01T00:00:00+08:00 has passed"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(anybody: Api, arguments: tuple[str, ...], told: str) -> None:
    result = await run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(told), result.stderr
    assert await taken(anybody.signed_in("li"))
    assert (await run("subject", "list")).stdout == ""
