"""What is redacted or hidden is read in no way by anybody but staff."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.ids import as_of_suffix, node_id
from services.core.tokens import GrantClaim, LocalIssuer
from services.search.reindex import reindex
from services.trace.verify import walk
from tests import servers
from tests.conftest import fresh_name, template
from tests.graph.api import Api, document
from tests.graph.conftest import application
from tests.graph.redacting import ALL, BY_ID, CASES, DEEP, MARK, OTHERS, STAFF, WHY, Reading, Told, everything_of
from tests.live.talking import streaming
from tests.serving import Served, serving
from tests.world import World, build

FIRST = "SELECT id FROM event WHERE topic_id = $1 ORDER BY id LIMIT 1"
SUBSCRIBED = 'subscription ($after: ID) {{ topicChanged(within: "140521", after: $after) {{ topic {everything} }} }}'


@dataclass
class Read:
    """What was read by way: by everybody before, by each afterwards, with the search's documents made anew too."""

    before: Mapping[str, str]
    after: Mapping[str, Mapping[str, str]]
    again: Mapping[str, Mapping[str, str]]


@asynccontextmanager
async def county() -> AsyncIterator[World]:
    """A county with a platform and departments, in a database of its own."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await servers.open_as(url)
    yield await build(db, url, topics=0)
    await db.close()
    await servers.drop_databases(name)


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with county() as world:
        yield world


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "signing.pem"


@pytest.fixture(scope="module")
async def read(world: World, key: Path, schema: Schema, subgraph_schema: Schema) -> Read:
    db, url = world.db, world.url
    issuer = LocalIssuer.load(key, audience="shangliang")
    told = Told(Api(application(schema, db, issuer), issuer).as_(Role.SECRETARIAT, "140521"), db=db)
    subgraph = Api(application(subgraph_schema, db, issuer), issuer)
    await told.tell()
    async with serving(url, key) as served:

        async def reading(who: str) -> dict[str, str]:
            found = await Reading(told, told.caller(who), schema.core, subgraph).everything()
            return found | {"subscription": await heard(served, url, told, schema, token(issuer, who))}

        before = await reading("anonymous")
        await told.redact()
        after = {who: await reading(who) for who in (*OTHERS, *STAFF)}
    await reindex(url)
    again = {who: await Reading(told, told.caller(who), schema.core, subgraph).found() for who in (*OTHERS, *STAFF)}
    return Read(before, after, {who: {"search": found} for who, found in again.items()})


def token(issuer: LocalIssuer, who: str) -> str | None:
    """Return the token of one of the callers."""
    role, _, department = who.partition(" of ")
    if who == "anonymous":
        return None
    grant = GrantClaim(role=Role(role), within=None if department else "140521", department=department or None)
    return issuer.sign(f"other {who}", [grant], now=datetime.now(UTC), lifetime=timedelta(hours=1))


async def heard(served: Served, url: str, told: Told, schema: Schema, token: str | None) -> str:
    """Return what a subscriber who resumes behind the topic's first event hears first."""
    connection = await asyncpg.connect(url)
    first = await connection.fetchval(FIRST, UUID(told.ids["topic"].rpartition("_")[2]))
    await connection.close()
    asked = SUBSCRIBED.format(everything=everything_of(schema.core.type_map["Topic"], schema.core, DEEP))
    async with streaming(served, asked, token, after=node_id("event", first)) as events:
        async for _, change in events:
            if change is not None:
                assert "errors" not in change, change
                return str(change)
    raise AssertionError


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", sorted(ALL))
@pytest.mark.parametrize("verb", CASES)
def test_redacted_words_are_read_in_no_way_by_anybody_but_staff(read: Read, verb: str, way: str) -> None:
    words = [f"{MARK}{word}" for word in CASES[verb].words]
    assert any(word in read.before[way] for word in words) == (way in CASES[verb].ways)
    for who in OTHERS:
        for found in (read.after[who], read.again[who]):
            assert [word for word in words if word in found.get(way, "")] == [], who
    for who in STAFF:
        if way in BY_ID and verb != "redactTraceEntry":
            assert [word for word in words if word not in read.after[who][way]] == [], who


@pytest.fixture
async def told(schema: Schema, issuer: LocalIssuer) -> AsyncIterator[Told]:
    async with county() as world:
        told = Told(Api(application(schema, world.db, issuer), issuer).as_(Role.SECRETARIAT, "140521"), db=world.db)
        await told.tell()
        yield told


async def test_redactions_are_refused_to_others_than_staff_and_without_a_change(told: Told) -> None:
    api, ids = told.api, told.ids
    for verb, thing in (("redactMatter", "matter"), ("redactTopic", "topic"), ("redactSession", "session")):
        given = {thing: ids["redacted" if thing == "matter" else thing], **WHY}
        nothing = await api.refusal(document(verb, f"{thing} {{ id }}"), input=given)
        assert nothing["code"] == "NOTHING_CORRECTED"
    hidden = {"matter": ids["hidden"], **WHY}
    assert (await api.refusal(document("showMatter", "matter { id }"), input=hidden))["code"] == "NOT_HIDDEN"
    assert await api.do("hideMatter", "matter { hidden }", **hidden) == {"hidden": True}
    assert (await api.refusal(document("hideMatter", "matter { id }"), input=hidden))["code"] == "ALREADY_HIDDEN"
    assert await api.do("showMatter", "matter { hidden }", **hidden) == {"hidden": False}
    search = "query ($text: String!) { search(text: $text) { totalCount } }"
    found = await api.anonymous().data(search, text=f"{MARK}hiddentitle")
    assert found == {"search": {"totalCount": 1}}


async def test_words_are_not_given_for_a_text_that_is_not_there(told: Told) -> None:
    api, resident = told.api, told.api.as_(Role.RESIDENT, "140521", subject="resident")
    answer = {"topic": told.ids["topic"], "role": "RESIDENT", "score": 5, "confirmsFix": True}
    await resident.do("recordFollowUp", "followUp { id }", **answer)
    given = {"followUp": told.ids["followUp"], "publishedComment": "好", **WHY}
    refused = await api.refusal(document("redactFollowUp", "followUp { id }"), input=given)
    assert (refused["code"], refused["path"]) == ("NOTHING_TO_REDACT", ["publishedComment"])


async def test_trace_tells_who_redacted_and_why_and_its_chains_stay_whole(told: Told) -> None:
    await told.redact()
    trace = "query ($id: ID!) { node(id: $id) { ... on Topic { trace { act actorRole summary } } } }"
    entries = (await told.api.data(trace, id=told.ids["topic"]))["node"]["trace"]
    kinds = {"redacted": "matter", "hidden": "matter", "proof": "evidence", "traceEntry": "trace"}
    acts = {f"{kinds.get(case.thing, case.thing.lower())}.redacted" for case in CASES.values()}
    acts = acts - {"activity.redacted"} | {"matter.hidden"}
    done = [entry for entry in entries if entry["act"] in acts]
    assert {entry["act"] for entry in done} == acts
    assert {entry["actorRole"] for entry in done} == {"SECRETARIAT"}
    assert all(WHY["reason"] in entry["summary"] for entry in done)
    async with told.db.write() as tx:
        assert [walked.fault async for walked in walk(tx) if walked.fault is not None] == []


async def test_a_later_answer_of_the_same_person_is_published_as_said(told: Told) -> None:
    await told.redact("redactFollowUp")
    resident = told.api.as_(Role.RESIDENT, "140521", subject="resident")
    answer = {"topic": told.ids["topic"], "role": "RESIDENT", "score": 5, "confirmsFix": True, "comment": "修好了"}
    await resident.do("recordFollowUp", "followUp { id }", **answer)
    asked = "query ($id: ID!) { node(id: $id) { ... on FollowUp { comment } } }"
    for instant, comment in (("", "修好了"), (as_of_suffix(told.instants[0]), "(已隐去)")):
        assert (await told.api.anonymous().data(asked, id=told.ids["followUp"] + instant))["node"] == {
            "comment": comment
        }


async def test_what_is_put_right_later_is_published_as_redacted_until_that_is_done_anew(told: Told) -> None:
    await told.redact("redactTopic", "redactOutcome")
    for verb, thing, field in (("correctTopic", "topic", "title"), ("correctOutcome", "outcome", "agreement")):
        given = {thing: told.ids[thing], field: f"{MARK} 三", "reason": "误记"}
        await told.api.do(verb, f"{thing} {{ id }}", **given)
    asked = """query ($topic: ID!) { node(id: $topic) { ... on Topic {
      title publishedTitle outcomes { agreement } trace { summary } } } }"""
    for who in ("anonymous", "CADRE"):
        (topic,) = (await told.caller(who).data(asked, topic=told.ids["topic"])).values()
        assert topic["title"] == ("林地" if who == "anonymous" else f"{MARK} 三")
        assert topic["publishedTitle"] == "林地"
        assert [one["agreement"] for one in topic["outcomes"]] == ["补植" if who == "anonymous" else f"{MARK} 三"]
        told_of = [one["summary"] for one in topic["trace"]]
        assert [one for one in told_of if f"{MARK} 三" in one] == []
        assert "更正议题:(已隐去)" in told_of


async def test_a_resolution_after_another_is_published_as_written(told: Told) -> None:
    await told.redact("redactTopic")
    topic = {"topic": told.ids["topic"]}
    await told.api.do("reopenTopic", "topic { id }", **topic, reason="未完")
    resolved = {"summary": "全部办结", "evidence": [{"url": "https://example.org/2"}]}
    left = [{"commitment": told.ids["commitment"], "reason": "雨季"}]
    await told.api.do("resolveTopic", "topic { id }", **topic, **resolved, openCommitments=left)
    asked = "query ($id: ID!) { node(id: $id) { ... on Topic { resolution } } }"
    for instant, published in (("", "全部办结"), (as_of_suffix(told.instants[0]), "已办结")):
        found = await told.api.anonymous().data(asked, id=told.ids["topic"] + instant)
        assert found == {"node": {"resolution": published}}
