"""What is redacted or hidden is read nowhere: every channel is searched for the words, as every role."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

import asyncpg
import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_union_type,
)

from graph.exports.formats import FORMATS
from graph.exports.lists import LISTS
from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.ids import as_of_suffix
from services.core.tokens import LocalIssuer
from services.search.reindex import reindex
from tests.graph.aftermath import Aftermath
from tests.graph.api import Api, document
from tests.graph.conftest import application

MARKED = "zqmarkedwords"
SECRETS = {kind: f"{MARKED}{kind}" for kind in ("title", "description", "hidden", "opinion", "comment")}
STAFF = ("CADRE", "SECRETARIAT", "APPROVER", "AUDITOR")
OTHERS = ("anonymous", "RESIDENT", "MEMBER", "OPERATOR", "DEPARTMENT of qinshui-forestry")
DEEP = 3
"""How far all fields are followed from a thing."""
WHY = {"reason": "涉及个人信息"}


@dataclass
class Told:
    """A resolved topic with marked words in its matters, an opinion and a follow-up."""

    story: Aftermath
    ids: dict[str, str]
    instants: list[datetime]

    def now(self) -> None:
        self.instants.append(datetime.now(UTC))


def caller(api: Api, who: str) -> Api:
    role, _, department = who.partition(" of ")
    if who == "anonymous":
        return api.anonymous()
    return api.as_(Role(role), None if department else "140521", department or None, subject=f"other {who}")


@pytest.fixture
async def told(agreed: Aftermath) -> Told:
    api, ids = agreed.api, {"topic": agreed.topic}
    told = Told(agreed, ids, [])
    resident = api.as_(Role.RESIDENT, "140521", subject="resident")
    for name, title in (("redacted", SECRETS["title"]), ("hidden", SECRETS["hidden"])):
        facts = {"title": title, "description": SECRETS["description"], "category": "ROADS"}
        matter = await resident.do("raiseMatter", "matter { id }", platform=agreed.platform, **facts)
        ids[name] = matter["id"]
        await api.do("acceptMatter", "matter { id }", matter=matter["id"])
        await api.do("listMatter", "matter { id }", matter=matter["id"], topic=agreed.topic)
    opinion = {"session": agreed.session, "role": "RESIDENT", "text": SECRETS["opinion"], "topic": agreed.topic}
    ids["opinion"] = (await api.do("addOpinion", "opinion { id }", **opinion))["id"]
    answer: dict[str, Any] = {"topic": agreed.topic, "role": "RESIDENT", "score": 4, "confirmsFix": True}
    ids["followUp"] = (await resident.do("recordFollowUp", "followUp { id }", **answer, comment=SECRETS["comment"]))[
        "id"
    ]
    told.now()
    return told


async def redact(told: Told) -> None:
    api, ids = told.story.api, told.ids
    words = {"publishedTitle": "道路破损", "publishedDescription": "路面需要修补。"}
    await api.do("redactMatter", "matter { id }", matter=ids["redacted"], **words, **WHY)
    await api.do("hideMatter", "matter { id }", matter=ids["hidden"], **WHY)
    await api.do("redactOpinion", "opinion { id }", opinion=ids["opinion"], publishedText="居民提出意见", **WHY)
    await api.do("redactFollowUp", "followUp { id }", followUp=ids["followUp"], **WHY)
    told.now()


def everything_of(type_: GraphQLNamedType, schema: GraphQLSchema, depth: int, path: tuple[str, ...] = ()) -> str:
    """Return a selection of all fields of a type without required arguments, objects as deep as asked."""
    if is_union_type(type_):
        return "{ " + " ".join(f"... on {one.name} {{ id }}" for one in type_.types) + " }"
    assert hasattr(type_, "fields"), type_
    return "{ __typename " + " ".join(fields_of(type_, schema, depth, path)) + " }"


def fields_of(type_: Any, schema: GraphQLSchema, depth: int, path: tuple[str, ...]) -> Iterator[str]:
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(inner):
            yield name
        elif depth > 0 and name not in {"statistics", "edges", "notices", "viewer", "platform", "division"}:
            yield f"{name} {everything_of(inner, schema, depth - 1, (*path, name))}"


async def channels(told: Told, who: Api, schema: Schema, subgraph: Api) -> dict[str, str]:
    """Return what somebody reads of the topic's things in every channel, by the channel."""
    found: dict[str, str] = {}
    core = schema.core
    for name, key in told.ids.items():
        kind = {"redacted": "Matter", "hidden": "Matter", "followUp": "FollowUp"}.get(name, name.capitalize())
        type_ = core.type_map[kind]
        assert isinstance(type_, GraphQLObjectType)
        asked = f"... on {kind} {everything_of(type_, core, DEEP if name == 'topic' else 1)}"
        found[f"node {name}"] = text(await who.answer(f"query ($id: ID!) {{ node(id: $id) {{ {asked} }} }}", id=key))
        for instant in told.instants:
            at = instant.isoformat().replace("+00:00", "Z")
            found[f"node {name} as of {at}"] = text(
                await who.answer(f"query ($id: ID!) {{ node(id: $id) {{ {asked} }} }}", id=key + as_of_suffix(instant))
            )
        entities = f"query ($of: [_Any!]!) {{ _entities(representations: $of) {{ {asked} }} }}"
        answer = await at_subgraph(subgraph, who).answer(entities, of=[{"__typename": kind, "id": key}])
        found[f"_entities {name}"] = text(answer)
    matter = everything_of(core.type_map["Matter"], core, 0)
    found["matters"] = text(await who.answer(f"{{ matters(first: 100) {{ nodes {matter} }} }}"))
    for words in SECRETS.values():
        asked = "query ($text: String!) { search(text: $text) { edges { snippet node { ... on Node { id } } } } }"
        answer = await who.data(asked, text=words)
        found[f"search {words}"] = words if answer["search"]["edges"] else ""
    for list_, format_ in product(LISTS, FORMATS):
        response = await who.http.get(f"/export/{list_}.{format_}")
        assert response.status_code == 200, response.text
        found[f"export {list_} {format_}"] = response.text
    return found


def at_subgraph(subgraph: Api, who: Api) -> Api:
    client = subgraph.anonymous()
    client.http.headers.update({k: v for k, v in who.http.headers.items() if k == "authorization"})
    return client


def text(answer: dict[str, Any]) -> str:
    """Return an answer as text; errors but those of sight fail."""
    assert "errors" not in answer, answer
    return json.dumps(answer, ensure_ascii=False)


@pytest.fixture
def subgraph_of(subgraph_schema: Schema, writable_db: Database, issuer: LocalIssuer) -> Api:
    return Api(application(subgraph_schema, writable_db, issuer), issuer)


async def said_to_departments(url: str) -> str:
    """Return what all events say: deliveries, replays and subscriptions are made of them."""
    connection = await asyncpg.connect(url)
    try:
        return "\n".join(row[0] for row in await connection.fetch("SELECT data::text FROM event"))
    finally:
        await connection.close()


async def leaks(told: Told, who: str, schema: Schema, subgraph: Api) -> set[str]:
    """Return the channels in which somebody reads a marked word."""
    found = await channels(told, caller(told.story.api, who), schema, subgraph)
    return {channel for channel, content in found.items() if MARKED in content}


async def test_redacted_words_are_read_in_no_channel_by_anybody_but_staff(
    told: Told, schema: Schema, subgraph_of: Api, counties_url: str
) -> None:
    before = await leaks(told, "anonymous", schema, subgraph_of)
    assert {
        "node topic",
        "node hidden",
        "_entities opinion",
        "node followUp",
        "matters",
        "export matters csv",
    } <= before
    await redact(told)
    assert MARKED not in await said_to_departments(counties_url)
    for _ in range(2):
        for who in OTHERS:
            assert await leaks(told, who, schema, subgraph_of) == set(), who
        await reindex(counties_url)
    for who in STAFF:
        assert {"node redacted", "node hidden", "node opinion", "node followUp"} <= await leaks(
            told, who, schema, subgraph_of
        ), who


async def test_redactions_are_refused_to_others_than_staff_and_without_a_change(told: Told) -> None:
    api, ids = told.story.api, told.ids
    redacting = document("redactMatter", "matter { id }")
    nothing = await api.refusal(redacting, input={"matter": ids["redacted"], **WHY})
    assert nothing["code"] == "NOTHING_CORRECTED"
    for verb, thing, payload in (
        ("hideMatter", {"matter": ids["hidden"]}, "matter"),
        ("redactOpinion", {"opinion": ids["opinion"]}, "opinion"),
        ("redactFollowUp", {"followUp": ids["followUp"]}, "followUp"),
    ):
        for who in OTHERS[1:]:
            refused = await caller(api, who).refusal(document(verb, f"{payload} {{ id }}"), input={**thing, **WHY})
            assert refused["code"] == "FORBIDDEN", (verb, who)
    hidden = {"matter": ids["hidden"], **WHY}
    assert (await api.refusal(document("showMatter", "matter { id }"), input=hidden))["code"] == "NOT_HIDDEN"
    assert await api.do("hideMatter", "matter { hidden }", **hidden) == {"hidden": True}
    assert (await api.refusal(document("hideMatter", "matter { id }"), input=hidden))["code"] == "ALREADY_HIDDEN"
    assert await api.do("showMatter", "matter { hidden }", **hidden) == {"hidden": False}
    search = "query ($text: String!) { search(text: $text) { totalCount } }"
    found = await api.anonymous().data(search, text=SECRETS["hidden"])
    assert found == {"search": {"totalCount": 1}}


async def test_trace_tells_who_redacted_and_why_and_not_the_old_words(told: Told) -> None:
    await redact(told)
    trace = "query ($id: ID!) { node(id: $id) { ... on Topic { trace { act actorRole summary } } } }"
    entries = (await told.story.api.data(trace, id=told.ids["topic"]))["node"]["trace"]
    assert SECRETS["title"] not in json.dumps(entries)
    acts = {"matter.redacted", "matter.hidden", "opinion.redacted", "followup.redacted"}
    done = [entry for entry in entries if entry["act"] in acts]
    assert {entry["act"] for entry in done} == acts
    assert {entry["actorRole"] for entry in done} == {"SECRETARIAT"}
    assert all(WHY["reason"] in entry["summary"] for entry in done)


async def test_a_later_answer_of_the_same_person_is_published_as_said(told: Told) -> None:
    await redact(told)
    resident = told.story.api.as_(Role.RESIDENT, "140521", subject="resident")
    answer = {"topic": told.ids["topic"], "role": "RESIDENT", "score": 5, "confirmsFix": True, "comment": "修好了"}
    await resident.do("recordFollowUp", "followUp { id }", **answer)
    asked = "query ($id: ID!) { node(id: $id) { ... on FollowUp { comment } } }"
    for instant, comment in (("", "修好了"), (as_of_suffix(told.instants[0]), "(已隐去)")):
        assert (await told.story.api.anonymous().data(asked, id=told.ids["followUp"] + instant))["node"] == {
            "comment": comment
        }
