"""Whoever writes or publishes what seems to be personal data is warned, and nothing is refused for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import get_named_type

from graph.schema import Schema
from services.core.actor import Role
from services.core.tokens import LocalIssuer
from tests import servers
from tests.conftest import fresh_name, template
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.world import build

MOBILE = "电话13812345678"
MASKED = {"code": "PERSONAL_DATA", "kind": "TELEPHONE_NUMBER", "snippet": "138******78"}
WARNINGS = "warnings { code kind path snippet message }"
WITHOUT = {
    *("acceptMatter", "answerMatter", "declineMatter", "involveDepartment", "releaseDepartment", "withdrawTopic"),
    *("reopenTopic", "draftPlan", "addPlanItem", "movePlanItem", "removePlanItem", "submitPlan"),
    *("returnPlan", "cancelSession"),
    *("acceptCommitment", "fileConversion", "closePlatform", "linkMember", "assessMember", "grantRole", "revokeRole"),
    *("disableDepartment", "enableDepartment", "sendTestNotice", "replayNotices", "retryNotice", "skipNotice"),
}
"""Verbs whose input has no text that everybody reads, and which publish nothing."""


@pytest.fixture
async def api(schema: Schema, issuer: LocalIssuer) -> AsyncIterator[Api]:
    """A county's secretariat."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await servers.open_as(url)
    await build(db, url, topics=0)
    yield Api(application(schema, db, issuer), issuer).as_(Role.SECRETARIAT, "140521")
    await db.close()
    await servers.drop_databases(name)


async def told(api: Api, verb: str, asked: str = "", **values: Any) -> tuple[Any, list[dict[str, Any]]]:
    """Return what a verb gave and its warnings, without what they say in words."""
    takes = f"{verb[0].upper()}{verb[1:]}Input"
    query = f"mutation ($input: {takes}!) {{ {verb}(input: $input) {{ {asked} {WARNINGS} errors {{ code }} }} }}"
    payload = (await api.data(query, input=values))[verb]
    assert payload.pop("errors") == []
    warnings = payload.pop("warnings")
    assert all(one["snippet"] in one.pop("message") for one in warnings)
    return next(iter(payload.values()), None), warnings


async def place(api: Api) -> dict[str, Any]:
    found = await api.data('{ platforms(filter: {within: "140521"}, first: 1) { nodes { id } } }')
    return {"platform": found["platforms"]["nodes"][0]["id"], "category": "ROADS"}


async def test_whoever_writes_or_publishes_is_warned_and_not_refused(api: Api) -> None:
    at = await place(api)
    matter, warnings = await told(api, "raiseMatter", "matter { id }", **at, title=MOBILE, description="漏水")
    assert warnings == [{**MASKED, "path": ["title"]}]
    words = {"title": "管道", "summary": f"{MOBILE},zhang@example.org"}
    topic, warnings = await told(api, "proposeTopic", "topic { id }", **at, **words, kind="MICRO")
    address = {"code": "PERSONAL_DATA", "kind": "EMAIL_ADDRESS", "snippet": "z****@example.org"}
    assert warnings == [{**MASKED, "path": ["summary"]}, {**address, "path": ["summary"]}]
    await api.do("acceptMatter", "matter { id }", matter=matter["id"])
    _, warnings = await told(api, "listMatter", matter=matter["id"], topic=topic["id"])
    assert warnings == []  # its topic is not listed
    _, warnings = await told(api, "listTopic", topic=topic["id"])
    in_topic = [{**one, "path": ["topic", "summary"]} for one in (MASKED, address)]
    assert warnings == [*in_topic, {**MASKED, "path": ["topic", "matters", "title"]}]
    hidden = {"matter": matter["id"], "reason": "涉及个人信息"}
    assert (await told(api, "hideMatter", **hidden))[1] == []
    assert (await told(api, "showMatter", **hidden))[1] == [{**MASKED, "path": ["matter", "title"]}]
    redacted = {**hidden, "publishedTitle": "管道漏水"}
    assert (await told(api, "redactMatter", **redacted))[1] == []
    assert (await told(api, "hideMatter", **hidden))[1] == []
    assert (await told(api, "showMatter", **hidden))[1] == []


async def test_a_text_in_a_list_is_told_with_its_place_and_a_private_one_not(api: Api) -> None:
    at = await place(api)
    topic = await api.do("proposeTopic", "topic { id }", **at, title="管道", kind="MICRO")
    await api.do("listTopic", "topic { id }", topic=topic["id"])
    del at["category"]
    scheduled = {**at, "topics": [topic["id"]], "scheduledAt": "2097-05-01T09:00:00+08:00", "venue": "议事厅"}
    session, warnings = await told(api, "scheduleSession", "session { id }", **scheduled, convener=MOBILE)
    assert warnings == [{**MASKED, "path": ["convener"]}]
    opinions = [{"role": "RESIDENT", "text": "好"}, {"role": "RESIDENT", "text": MOBILE}]
    held = {"session": session["id"], "opinions": opinions, "attendances": [{"role": "RESIDENT", "name": MOBILE}]}
    query = "mutation ($input: RecordSessionInput!) { recordSession(input: $input) { warnings { path message } } }"
    (warning,) = (await api.data(query, input=held))["recordSession"]["warnings"]
    assert warning["path"] == ["opinions", "text"]
    assert warning["message"].startswith("opinions[1].text seems to have a telephone number, 138******78;")


async def test_a_refused_verb_warns_of_nothing(api: Api) -> None:
    query = "mutation ($input: ListTopicInput!) { listTopic(input: $input) { warnings { path } errors { code } } }"
    missing = {"topic": "topic_00000000-0000-7000-8000-000000000000"}
    payload = (await api.data(query, input=missing))["listTopic"]
    assert payload == {"warnings": [], "errors": [{"code": "NOT_FOUND"}]}


def test_verbs_that_write_nothing_public_and_publish_nothing_have_no_warnings(schema: Schema) -> None:
    assert schema.core.mutation_type is not None
    payloads = {verb: get_named_type(field.type) for verb, field in schema.core.mutation_type.fields.items()}
    assert {verb for verb, payload in payloads.items() if "warnings" not in payload.fields} == WITHOUT
