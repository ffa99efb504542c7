"""What is kept of one person is given to them and erased: no word is left, and nothing that is counted moves."""

import asyncio
import json
import stat
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from deploy.cli import app
from deploy.servers.binaries import find_binaries
from deploy.servers.errors import ServerError
from services.core.act import Act
from services.core.clock import SystemClock
from services.matters.commands import raise_matter
from services.migrations.grants import OWNER, Login
from services.privacy.inventory import INVENTORY, Erased
from services.topics.enums import Category
from services.trace.rules import ERASED_WORDS
from tests.everything import everything
from tests.integration.privacy.life import NAMED_WORDS, SUBJECT, WORDS, Life, live
from tests.servers import execute, login_url, settings_of
from tests.world import ACTOR, World

Run = Callable[..., Awaitable[tuple[int, str, str]]]
REASON = ("--reason", "本人申请")
NOBODYS = "0192f0c1-5d2a-7c31-8a45-0e6f3b1c2d4e"
CHANGED = {"trace_entry", "trace_chain", "idempotency_key", "search_document", "event"}
"""Tables that an erasure adds to, removes from or changes otherwise than in columns of the inventory."""


@pytest.fixture
async def life(world: World) -> Life:
    """Somebody's life."""
    return await live(world)


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line over the world's database, as who owns it."""
    settings = {
        **settings_of(world.url),
        "SHANGLIANG_DATABASE_URL": world.url,
        "SHANGLIANG_STATE_DIR": str(tmp_path / "state"),
        "SHANGLIANG_SECURITY_LOG": str(tmp_path / "security.log"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    async def ran(*words: str) -> tuple[int, str, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return ran


async def dump(url: str) -> str:
    """Return all that the database holds, as PostgreSQL's own program writes it, and what its planner knows."""
    program = find_binaries().program("pg_dump")
    ran = await asyncio.to_thread(
        subprocess.run, [program, "--inserts", "--dbname", url], check=True, capture_output=True
    )
    connection = await asyncpg.connect(url)
    known = await connection.fetchval("SELECT string_agg(one::text, ' ') FROM pg_stats AS one")
    await connection.close()
    return ran.stdout.decode() + (known or "")


async def rest(url: str) -> dict[str, Counter[str]]:
    """Return the present rows of each table without what an erasure may change: their numbers, states and counts."""
    columns: dict[str, list[str]] = {}
    for name, field in INVENTORY.items():
        if field.erased in {Erased.WORDS, Erased.SAID, Erased.NAME, Erased.PERSON, Erased.COPY}:
            table, column = name.split(".")
            columns.setdefault(table, []).append(column)
    connection = await asyncpg.connect(url)
    try:
        tables = [row["tablename"] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE "
                  "schemaname = 'public'")]  # fmt: skip
        found = {}
        for table in tables:
            if table in CHANGED or table.endswith("_history"):
                continue
            hidden = [*columns.get(table, []), "recorded_at"]
            rows = await connection.fetch(f"SELECT (to_jsonb(it) - $1::text[])::text AS row FROM {table} AS it", hidden)
            found[table] = Counter(row["row"] for row in rows)
        return found
    finally:
        await connection.close()


def words_in(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in text]


async def test_nothing_of_the_person_is_left_and_nothing_that_is_counted_moves(
    world: World, life: Life, run: Run, tmp_path: Path
) -> None:
    await world.run("ANALYZE")
    whole = await dump(world.url)
    assert words_in(whole, (SUBJECT, *WORDS, *NAMED_WORDS)) == [SUBJECT, *WORDS, *NAMED_WORDS]
    assert (await run("trace", "anchor"))[0] == 0
    before = await rest(world.url)

    done = await run("subject", "erase", SUBJECT, *REASON, *life.also, "--yes")
    assert (done[0], done[2]) == (0, "")
    lines = dict(line.split("\t")[1:] for line in done[1].splitlines() if line.startswith("erased"))
    assert lines == {
        "matter": "1", "matter_history": "4", "follow_up": "2", "follow_up_history": "4", "opinion": "1",
        "attendance": "1", "verdict": "2", "role_grant": "1", "event": "4", "redaction": "5", "trace_entry": "5",
        "idempotency_key": "1",
    }  # fmt: skip
    assert "stays" not in done[1]

    after = await dump(world.url)
    assert words_in(after, (SUBJECT, "wangxiaoming", *WORDS, *NAMED_WORDS)) == []
    others = ("别人的标题", "别人的话", "邻居的话", "邻居的评价", "工作人员的话", "neighbour", "有门牌号")
    assert words_in(after, others) == list(others)
    assert await rest(world.url) == before
    code, said, _ = await run("trace", "verify", "--anchors", str(tmp_path / "state" / "anchors"))
    assert code == 0
    assert "(5 with words erased), 0 broken" in said

    log = (tmp_path / "security.log").read_text()
    (line,) = [json.loads(one) for one in log.splitlines() if "subject.erase" in one]
    assert line["event"] == "operator.acted"
    assert len(line["thing"]) == 32
    assert SUBJECT not in log


async def test_erasing_twice_changes_nothing(world: World, life: Life, run: Run) -> None:
    await run("subject", "erase", SUBJECT, *REASON, *life.also, "--yes")
    connection = await asyncpg.connect(world.url)
    before = await everything(connection)
    again = await run("subject", "erase", SUBJECT, *REASON, *life.also, "--yes")
    assert again == (0, "", "Nothing is kept of them that could be erased.\n")
    assert await everything(connection) == before
    await connection.close()


@pytest.mark.usefixtures("life")
async def test_without_yes_it_is_shown_and_nothing_changes(world: World, run: Run) -> None:
    connection = await asyncpg.connect(world.url)
    before = await everything(connection)
    code, shown, said = await run("subject", "erase", SUBJECT, *REASON)
    assert (code, said) == (1, "Nothing was changed; with --yes it is done, for good.\n")
    assert "erased\tmatter\t1" in shown.splitlines()
    assert await everything(connection) == before
    await connection.close()


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((SUBJECT, "--reason", f"{SUBJECT} 申请"), "without the subject; this one has the subject."),
        ((SUBJECT, "--reason", "理" * 301), "has 301"),
        (("", *REASON), "A subject takes "),
        (
            (SUBJECT, *REASON, "--also", "topic_0192f0c1-5d2a-7c31-8a45-0e6f3b1c2d4e"),
            "is not an id of the form matter_…",
        ),
        ((SUBJECT, *REASON, "--also", "opinion_0192f0c1-5d2a-7c31-8a45-0e6f3b1c2d4e"), "No opinion opinion_0192f0c1"),
    ],
)
async def test_what_cannot_be_meant_is_refused(world: World, run: Run, words: tuple[str, ...], message: str) -> None:
    connection = await asyncpg.connect(world.url)
    before = await everything(connection)
    code, _, said = await run("subject", "erase", *words, "--yes")
    assert code == 1
    assert message in said
    assert await everything(connection) == before
    await connection.close()


@pytest.mark.usefixtures("life")
async def test_who_is_blocked_is_not_erased(world: World, run: Run) -> None:
    await run("subject", "block", SUBJECT)
    code, _, said = await run("subject", "erase", SUBJECT, *REASON, "--yes")
    assert (code, "unblock it first" in said) == (1, True)
    assert WORDS[0] in await dump(world.url)
    await run("subject", "unblock", SUBJECT)
    assert (await run("subject", "erase", SUBJECT, *REASON, "--yes"))[0] == 0


async def test_it_takes_who_owns_the_tables(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_DATABASE_URL", login_url(world.url, Login.OPERATOR))
    with pytest.raises(ServerError, match="shangliang_operator does not own the tables"):
        await run("subject", "erase", SUBJECT, *REASON, "--yes")


@pytest.mark.usefixtures("life")
async def test_account_that_is_a_member_of_the_owner_is_enough(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_url(world.url)
    migrator = f"migrator_{address.database}"
    await execute(f"CREATE ROLE {migrator} LOGIN PASSWORD 'secret' IN ROLE {OWNER}")
    url = address.set(username=migrator, password="secret").render_as_string(hide_password=False)
    monkeypatch.setenv("SHANGLIANG_DATABASE_URL", url)
    try:
        done = await run("subject", "erase", SUBJECT, *REASON, "--yes")
    finally:
        await execute(f"DROP ROLE {migrator}")
    assert (done[0], done[2]) == (0, "")
    assert SUBJECT not in await dump(world.url)


@pytest.mark.usefixtures("life")
async def test_acts_in_office_stay(world: World, run: Run) -> None:
    officer = str(ACTOR.subject)
    platform = world.topics[0].platform_id
    async with world.db.write() as tx:
        await raise_matter(
            Act(tx, ACTOR, SystemClock()), platform_id=platform, title="公务的标题", description="公务", nature=None,
            category=Category.OTHER, raised_by=None,
        )  # fmt: skip
    before = await rest(world.url)
    code, said, _ = await run("subject", "erase", officer, *REASON, "--yes")
    assert code == 0
    assert "erased" not in said
    stays = {line.split("\t")[1] for line in said.splitlines() if line.startswith("stays")}
    assert stays == {"event.actor", "matter.subject", "role_grant.granted_by", "topic.subject", "trace_entry.actor"}
    assert await rest(world.url) == before
    assert "公务的标题" in await dump(world.url)


async def test_person_is_given_what_is_kept_of_them(life: Life, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "person.json"
    code, _, said = await run("subject", "export", SUBJECT, *life.also, "--out", str(out))
    assert code == 0, said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text()
    found: dict[str, Any] = json.loads(text)
    assert found["subject"] == SUBJECT
    counts = {table: len(rows) for table, rows in found["rows"].items()}
    assert counts == {
        "matter": 1, "matter_history": 3, "follow_up": 2, "follow_up_history": 2, "verdict": 2, "opinion": 1,
        "attendance": 1, "role_grant": 1, "idempotency_key": 1, "event": 4, "trace_entry": 5, "redaction": 4,
    }  # fmt: skip
    assert words_in(text, (*WORDS, *NAMED_WORDS)) == [*WORDS, *NAMED_WORDS]
    assert words_in(text, ("邻居", "别人", "工作人员的话", "neighbour")) == []
    assert found["rows"]["matter"][0]["title"] == WORDS[0]
    assert found["fields"]["matter.title"]["what"] == INVENTORY["matter.title"].what
    assert len(found["in_security_log"]) == 32
    assert "salt" not in text
    await run("subject", "erase", SUBJECT, *REASON, *life.also, "--yes")
    await run("subject", "export", SUBJECT, "--out", str(out))
    assert json.loads(out.read_text())["rows"] == {}


@pytest.mark.usefixtures("life")
async def test_who_acted_in_office_is_told_where(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "officer.json"
    assert (await run("subject", "export", str(ACTOR.subject), "--out", str(out)))[0] == 0
    found = json.loads(out.read_text())
    assert {name: len(ids) for name, ids in found["in_office"].items()} == {"role_grant.granted_by": 1}
    assert words_in(out.read_text(), (SUBJECT, WORDS[4], WORDS[1])) == []


async def test_texts_of_others_that_repeat_theirs_are_named(world: World, life: Life, run: Run) -> None:
    await world.run(f"UPDATE topic SET summary = '居民说:{WORDS[1]},请换灯' WHERE id = '{life.topic}'")
    code, said, _ = await run("subject", "erase", SUBJECT, *REASON, "--yes")
    assert code == 0
    repeats = [line for line in said.splitlines() if line.startswith("repeats")]
    assert repeats == [f"repeats\ttopic.summary\t{life.topic}"]


async def test_erased_matter_is_no_longer_found_by_its_words(world: World, life: Life, run: Run) -> None:
    await run("subject", "erase", SUBJECT, *REASON, "--yes")
    rows = await world.rows(f"SELECT title, text FROM search_document WHERE id = '{life.matter}'")
    assert rows == [(ERASED_WORDS, ERASED_WORDS)]
