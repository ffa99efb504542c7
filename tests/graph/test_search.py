import json
import re
from typing import Any

import asyncpg
import pytest

from graph.operations import Operations
from graph.schema import build_schema
from services.core.actor import Role
from services.core.database import Database
from services.core.limits import Limits
from services.core.tokens import GrantClaim
from services.reads.catalogue.entities import ENTITIES
from services.reads.visibility import HIDDEN_KINDS, PUBLIC, SIGNED_IN
from services.search.enums import SearchKind
from services.search.reindex import is_stale, reindex
from services.seeds.load import Connection
from tests.graph.api import Api
from tests.graph.story import ACCEPT, LIST, OUTCOME, PROPOSE, RAISE, RECORD, WITHDRAW, Story
from tests.graph.test_registry import MICRO, OPEN, parent_of

SEARCH = """query ($text: String!, $kinds: [SearchKind!], $within: DivisionCode, $first: Int, $after: String) {
  search(text: $text, kinds: $kinds, within: $within, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor snippet node { __typename ... on Node { id } ... on Topic { title summary }
      ... on Matter { title description } ... on Outcome { agreement } ... on Platform { name } } } } }"""
STANDING = {
    "TOPIC": "SELECT count(*) FROM topic WHERE listed_at IS NOT NULL AND {0} "
    "AND position($1 IN title || E'\\n' || coalesce(summary, '')) > 0",
    "MATTER": "SELECT count(*) FROM matter WHERE {0} "
    "AND topic_id IN (SELECT id FROM topic WHERE listed_at IS NOT NULL) "
    "AND position($1 IN title || E'\\n' || description) > 0",
    "OUTCOME": "SELECT count(*) FROM outcome WHERE {0} AND position($1 IN agreement) > 0",
    "PLATFORM": "SELECT count(*) FROM platform WHERE {0} AND position($1 IN name) > 0",
}
YINGZE = "division_number BETWEEN 140106000000 AND 140106999999"


@pytest.fixture
async def connection(seeded_url: str) -> Any:
    connection = await asyncpg.connect(seeded_url)
    yield connection
    await connection.close()


async def found(api: Api, text: str, **arguments: Any) -> Any:
    return (await api.data(SEARCH, text=text, **arguments))["search"]


async def everything(api: Api, text: str, **arguments: Any) -> list[Any]:
    """Return all hits, read page by page."""
    edges: list[Any] = []
    after = None
    while True:
        page = await found(api, text, first=100, after=after, **arguments)
        edges += page["edges"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(edges)
            return edges
        after = page["pageInfo"]["endCursor"]


def test_every_kind_that_is_not_seen_by_all_has_its_rule_in_search() -> None:
    hidden = {kind.value for kind in SearchKind if ENTITIES[kind.value.capitalize()].visible is not None}
    assert set(HIDDEN_KINDS) == hidden == {"TOPIC", "MATTER"}


async def test_search_reads_the_index_of_terms(api: Api) -> None:
    body = {"query": SEARCH, "variables": {"text": "停车"}, "extensions": {"explain": True}}
    answer = (await api.as_(Role.OPERATOR, "14").http.post("/graphql", json=body)).json()
    plan = json.dumps(answer["extensions"]["explain"]["plan"])
    assert plan.count('"Index Name": "ix_search_document_terms"') == 2
    assert '"Node Type": "Seq Scan"' not in plan


@pytest.mark.parametrize("text", ["停车", "社区", "食堂", "错时共享停车", "车", "同推", "第2微平台", "塘坪村"])
@pytest.mark.parametrize("kind", ["TOPIC", "MATTER", "OUTCOME", "PLATFORM"])
async def test_word_finds_whatever_has_its_characters_in_a_row(
    api: Api, connection: Connection, text: str, kind: str
) -> None:
    standing = await connection.fetchval(STANDING[kind].format("true"), text)
    assert (await found(api, text, kinds=[kind], first=0))["totalCount"] == standing


async def test_parking_finds_exactly_what_is_about_it(api: Api) -> None:
    counts = [(await found(api, "停车", kinds=[kind], first=0))["totalCount"] for kind in STANDING]
    assert counts == [185, 199, 145, 0]
    assert (await found(api, "停车", first=0))["totalCount"] == 529


async def test_all_words_are_wanted_in_whatever_order(api: Api) -> None:
    edges = await everything(api, "停车 学校")
    assert edges == await everything(api, "停车，学校！") != []
    assert {edge["node"]["id"] for edge in edges} == {edge["node"]["id"] for edge in await everything(api, "学校 停车")}
    for edge in edges:
        node = edge["node"]
        text = node.get("agreement") or f"{node['title']}{node.get('summary') or node.get('description')}"
        assert "停车" in text
        assert "学校" in text


async def test_pages_give_each_hit_once_and_topics_with_it_in_their_title_first(api: Api) -> None:
    edges = await everything(api, "停车", kinds=["TOPIC", "OUTCOME"])
    assert len({edge["node"]["id"] for edge in edges}) == len({edge["cursor"] for edge in edges}) == len(edges) == 330
    kinds = [edge["node"]["__typename"] for edge in edges]
    assert kinds == sorted(kinds, reverse=True)
    topics = [edge["node"]["id"] for edge in edges if edge["node"]["__typename"] == "Topic"]
    assert topics == sorted(topics, reverse=True)  # as good as each other: the latest first


async def test_within_and_kinds_narrow(api: Api, connection: Connection) -> None:
    standing = await connection.fetchval(STANDING["TOPIC"].format(YINGZE), "改造")
    edges = await everything(api, "改造", kinds=["TOPIC"], within="140106")
    assert len(edges) == standing > 0
    assert {edge["node"]["__typename"] for edge in edges} == {"Topic"}
    assert (await found(api, "改造", kinds=[]))["edges"] == []
    assert await found(api, "改造", kinds=None) == await found(api, "改造")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no word in the text"),
        (" ，。!?😀", "There is no word in the text"),
        ("停" * 201, "The text to look for has 201 characters, at most 200 are taken."),
    ],
)
async def test_text_that_nothing_can_have_is_refused(api: Api, text: str, message: str) -> None:
    assert (await api.problem(SEARCH, text=text)).startswith(message)
    alone = await api.problem("query ($text: String!) { search(text: $text) { __typename } }", text=text)
    assert alone.startswith(message)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("停' | '车", "停 车"),
        ("停:*", "停"),
        ("!停 <-> 车", "停 车"),
        ("停\\", "停"),
        ("停\0车", "停 车"),
        ("$1 停%", "1 停"),
    ],
)
async def test_no_text_is_taken_for_more_than_its_words(api: Api, text: str, plain: str) -> None:
    assert await found(api, text) == await found(api, plain)


async def test_cursor_of_another_list_and_a_page_too_large_are_refused(api: Api) -> None:
    cursor = (await api.data("{ topics(first: 1) { edges { cursor } } }"))["topics"]["edges"][0]["cursor"]
    assert "is not a cursor of a list in this order" in await api.problem(SEARCH, text="停车", after=cursor)
    assert "A page has 0 to 100 items" in await api.problem(SEARCH, text="停车", first=101)


async def test_search_is_one_statement(api: Api, statements: list[str]) -> None:
    await found(api, "停车")
    assert len(statements) == 1


async def propose(story: Story, **values: Any) -> str:
    given = {"platform": story.platform, "kind": "MICRO", "category": "OTHER", **values}
    topic: str = (await story.api.act(PROPOSE, input=given))["topic"]["id"]
    return topic


async def ids(api: Api, text: str) -> list[str]:
    return [edge["node"]["id"] for edge in await everything(api, text)]


async def test_topic_is_found_at_once_by_those_who_may_see_it(story: Story) -> None:
    topic = await propose(story, title="鹦鹉凌晨啼鸣", summary="Decibel 仪 5G 上传")
    stranger, neighbour = (story.api.as_(Role.RESIDENT, within, subject="another") for within in (None, "140521"))
    elsewhere = story.api.as_(Role.SECRETARIAT, "140106", subject="another")
    for text in ("鹦鹉", "啼鸣", "DECIBEL", "5g上传", "晨啼", "仪 decibel"):
        assert await ids(story.api, text) == [topic]
        assert await ids(story.api.as_(Role.AUDITOR, "14"), text) == [topic]
        for hidden in (stranger, elsewhere, neighbour):
            assert await found(hidden, text) == {
                "totalCount": 0,
                "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "endCursor": None},
                "edges": [],
            }
    await story.api.act(LIST, input={"topic": topic})
    assert await ids(stranger, "鹦鹉") == [topic]
    assert await ids(story.api, "Deci") == []


async def test_matter_is_found_by_whoever_raised_it_and_by_staff_until_its_topic_is_listed(story: Story) -> None:
    grant = GrantClaim(role=Role.RESIDENT, within="140521")
    resident, neighbour = story.api.signed_in("resident", grant), story.api.signed_in("neighbour", grant)
    given = {"platform": story.platform, "title": "鹦鹉扰民", "description": "凌晨啼鸣", "category": "OTHER"}
    matter = (await resident.act(RAISE, input=given))["matter"]["id"]
    assert await ids(resident, "啼鸣") == await ids(story.api, "啼鸣") == [matter]
    assert await ids(neighbour, "啼鸣") == []
    await story.api.act(ACCEPT, input={"matter": matter})
    topic = await propose(story, title="约束鹦鹉", matters=[matter])
    assert await ids(neighbour, "鹦鹉") == []
    await story.api.act(LIST, input={"topic": topic})
    for whoever in (neighbour, story.api.anonymous()):
        assert set(await ids(whoever, "鹦鹉")) == {matter, topic}
    await story.api.act(WITHDRAW, input={"topic": topic, "reason": "已和解"})
    for whoever in (neighbour, story.api.anonymous()):
        assert await ids(whoever, "鹦鹉") == [topic]
    assert set(await ids(story.api, "鹦鹉")) == {matter, topic}


async def test_department_finds_what_involves_it(story: Story) -> None:
    await story.involve("qinshui-court", "LEAD")
    court = story.api.as_(Role.DEPARTMENT, department="qinshui-court", subject="court")
    other = story.api.as_(Role.DEPARTMENT, department="qinshui-forestry", subject="forestry")
    assert await ids(court, "林地承包") == [story.topic]
    assert await ids(other, "林地承包") == []


async def test_outcome_and_platform_are_found_at_once(story: Story) -> None:
    await story.list_()
    await story.schedule()
    await story.api.act(RECORD, input={"session": story.session})
    given = {"topic": story.topic, "agreement": "双方约定补植油松", "session": story.session}
    outcome = (await story.api.act(OUTCOME, input=given))["outcome"]["id"]
    assert await ids(story.api.as_(Role.RESIDENT, "14"), "补植油松") == [outcome]
    opened = {**MICRO, "name": "瞭望塔微平台", "parent": await parent_of(story.api)}
    platform = (await story.api.act(OPEN, input=opened))["platform"]["id"]
    assert await ids(story.api, "瞭望塔") == [platform]


@pytest.mark.parametrize(
    ("summary", "text", "snippet"),
    [
        ("<b>鹦鹉</b> & \"笼\" 'x'", "鹦鹉", "&lt;b&gt;<mark>鹦鹉</mark>&lt;/b&gt; &amp; &quot;笼&quot; &#39;x&#39;"),
        ("前" * 30 + "鹦鹉" + "后" * 60, "鹦鹉", "…" + "前" * 15 + "<mark>鹦鹉</mark>" + "后" * 45 + "…"),
        ("AMP &amp; Lt", "amp lt", "<mark>AMP</mark> &amp;<mark>amp</mark>; <mark>Lt</mark>"),
        ("鹦鹉 Parrots parrot", "PARROT 鹦鹉", "<mark>鹦鹉</mark> Parrots <mark>parrot</mark>"),
        ("没有", "斑点", "笼中鸟的<mark>斑点</mark>"),
    ],
)
async def test_snippet_is_html_with_the_hits_marked(story: Story, summary: str, text: str, snippet: str) -> None:
    await propose(story, title="笼中鸟的斑点", summary=summary)
    (edge,) = await everything(story.api, text)
    assert edge["snippet"] == snippet


async def test_reindex_makes_the_same_documents(writing: Api, counties_url: str) -> None:
    question = "SELECT md5(string_agg(document::text, '|' ORDER BY id)) FROM search_document AS document"
    story = Story(writing)
    await story.begin()
    connection = await asyncpg.connect(counties_url)
    try:
        before = await connection.fetchval(question)
        assert await reindex(counties_url) == await connection.fetchval("SELECT count(*) FROM search_document")
        assert await connection.fetchval(question) == before
        await connection.execute("UPDATE topic SET title = '候鸟' WHERE title = '林地承包'")
        assert await ids(writing, "候鸟") == []
        await reindex(counties_url)
        assert await ids(writing, "候鸟") == [story.topic]
        assert await ids(writing, "林地承包") == []
    finally:
        await connection.close()


SAME = [
    ("打１２３４５九亿热线", "12345 九亿", "打<mark>１２３４５</mark><mark>九亿</mark>热线"),
    ("在议事厅九亿", "議事廳 九億", "在<mark>议事厅</mark><mark>九亿</mark>"),
    ("在議事廳九億", "议事厅 九亿", "在<mark>議事廳</mark><mark>九億</mark>"),
    ("九亿 cafe\u0301", "CAF\u00c9 九亿", "<mark>九亿</mark> <mark>cafe\u0301</mark>"),
    ("九\u200b亿停车", "九亿停车", "<mark>九\u200b亿</mark><mark>停车</mark>"),
]


async def test_what_a_reader_takes_for_the_same_is_found_and_marked(story: Story) -> None:
    topics = [await propose(story, title=title) for title, _, _ in SAME]
    for topic, (_, text, marked) in zip(topics, SAME, strict=True):
        edges = (await found(story.api, text, kinds=["TOPIC"]))["edges"]
        assert {edge["node"]["id"]: edge["snippet"] for edge in edges}[topic] == marked


ONE_TOPIC = "(SELECT min(id::text)::uuid FROM topic)"


async def test_an_index_of_another_edition_is_stale_until_it_is_made_anew(counties_url: str) -> None:
    assert not await is_stale(counties_url)
    connection = await asyncpg.connect(counties_url)
    await connection.execute(
        "UPDATE search_document SET edition = 1 WHERE id = (SELECT min(id::text)::uuid FROM topic)"
    )
    assert await is_stale(counties_url)
    await reindex(counties_url)
    assert not await is_stale(counties_url)
    await connection.execute(f"DELETE FROM search_document WHERE id = {ONE_TOPIC}")
    await connection.close()
    assert await is_stale(counties_url)


TOPICS = "query ($text: String!) { topics(filter: {text: $text}, first: 3) { totalCount nodes { number } } }"


@pytest.mark.parametrize("text", ["停车", "社区食堂", "停車", "第2微平台"])
async def test_topics_are_kept_by_the_words_that_search_finds(api: Api, text: str) -> None:
    kept = (await api.data(TOPICS, text=text))["topics"]["totalCount"]
    assert kept == (await found(api, text, kinds=["TOPIC"], first=0))["totalCount"]


async def test_topics_are_kept_by_the_index_of_terms(api: Api) -> None:
    body = {"query": TOPICS, "variables": {"text": "塘坪村"}, "extensions": {"explain": True}}
    answer = (await api.as_(Role.OPERATOR, "14").http.post("/graphql", json=body)).json()
    plan = json.dumps(answer["extensions"]["explain"]["plan"])
    assert plan.count('"Index Name": "ix_search_document_terms"') == 2
    assert '"Node Type": "Seq Scan"' not in plan


@pytest.mark.parametrize(("text", "named"), [("停" * 201, "200"), (" ，", "no word")])
async def test_a_text_that_search_refuses_keeps_no_topics_either(api: Api, text: str, named: str) -> None:
    assert named in (await api.answer(TOPICS, text=text))["errors"][0]["message"]


@pytest.mark.parametrize(
    "query",
    [
        '{ search(text: "停车", kinds: [MATTER]) { totalCount edges { snippet } } }',
        '{ topics(filter: {text: "停车"}) { totalCount nodes { number } } }',
    ],
)
async def test_hidden_documents_are_not_in_what_the_public_searches(seeded_url: str, query: str) -> None:
    operation = Operations(build_schema().core, Limits()).get(query, None)
    db = await Database.open(seeded_url, read_connections=1)
    for sight, index in ((PUBLIC, "ix_search_document_published_terms"), (SIGNED_IN, "ix_search_document_terms")):
        compiled = operation.statement({}, sight)
        plan = (await db.reads.explain(compiled.sql, len(compiled.parameters))).decode()
        assert set(re.findall(r'"Index Name": "(ix_search_document_\w+)"', plan)) == {index}
    await db.close()


BY_TYPE = """query ($text: String!, $kinds: [SearchKind!]) { search(text: $text, kinds: $kinds, first: 100) { edges {
  node { __typename ... on Node { id } } snippet
  topic { id status } matter { id status topic { number } } outcome { id topic { number } } platform { id name }
  } } }"""


@pytest.mark.parametrize("kind", ["TOPIC", "MATTER", "OUTCOME", "PLATFORM"])
async def test_hit_stands_by_its_type_without_an_alias(api: Api, statements: list[str], kind: str) -> None:
    found = (await api.data(BY_TYPE, text="平台" if kind == "PLATFORM" else "道路", kinds=[kind]))["search"]["edges"]
    assert len(statements) == 1
    assert len(found) > 1
    for edge in found:
        given = {name for name in ("topic", "matter", "outcome", "platform") if edge[name] is not None}
        assert given == {kind.lower()}
        assert edge[kind.lower()]["id"] == edge["node"]["id"]
        assert edge["node"]["__typename"].upper() == kind
