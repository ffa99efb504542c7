"""What people raise: who may do what with it, who sees it, and what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.policy import Policy
from services.core.tokens import LocalIssuer
from services.matters.enums import MatterStatus, ParticipantRole
from services.matters.rules import LIFECYCLE
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.story import ACCEPT, ANSWER, DECLINE, LIST_MATTER, PROPOSE, RAISE, WITHDRAW, Story
from tests.graph.test_mutations import rows

NOWHERE = "00000000-0000-7000-8000-000000000000"
EVERYTHING = """
SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM delivery), (SELECT sum(version) FROM topic),
       (SELECT count(*) FROM topic), (SELECT count(*) FROM trace_entry),
       (SELECT md5(string_agg(matter::text, ',' ORDER BY id)) FROM matter)
"""
VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": (ACCEPT, {}),
    "answer": (ANSWER, {"answer": "已联系供水公司。"}),
    "decline": (DECLINE, {"reason": "正在诉讼。"}),
    "list": (LIST_MATTER, {"topic": "$topic"}),
}


@dataclass
class Desk:
    """A village's platform, somebody who lives there, and the place's staff with a topic that is proposed."""

    story: Story
    resident: Api
    staff: Api
    facts: dict[str, Any] = field(default_factory=lambda: {"title": "水管漏水", "description": "冬天结冰。"})

    async def raised(self, **more: Any) -> str:
        values = {"platform": self.story.platform, "category": "WATER_POWER", **self.facts, **more}
        found: str = (await self.resident.act(RAISE, input=values))["matter"]["id"]
        return found

    async def accepted(self) -> str:
        matter = await self.raised()
        await self.do("accept", matter)
        return matter

    async def brought_to(self, status: str) -> str:
        """Return a matter in a state."""
        matter = await self.raised()
        ways = {"RAISED": (), "ACCEPTED": ("accept",)}
        others = {"ANSWERED": ("accept", "answer"), "DECLINED": ("accept", "decline"), "LISTED": ("accept", "list")}
        for verb in {**ways, **others}[status]:
            await self.do(verb, matter)
        return matter

    def input(self, verb: str, matter: str) -> dict[str, Any]:
        """Return what a verb takes for a matter."""
        values = {**VERBS[verb][1], "matter": matter}
        return {name: self.story.topic if value == "$topic" else value for name, value in values.items()}

    async def do(self, verb: str, matter: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.staff.act(VERBS[verb][0], input=self.input(verb, matter)))["matter"]
        return found

    async def propose(self, *matters: str) -> str:
        """Return a topic made of matters."""
        values = {"platform": self.story.platform, "title": "管网改造", "kind": "MICRO", "category": "WATER_POWER"}
        topic: str = (await self.staff.act(PROPOSE, input={**values, "matters": list(matters)}))["topic"]["id"]
        return topic


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story, story.api.as_(Role.RESIDENT, "140521", subject="resident"), story.api)


SEEN = """query ($id: ID!, $platform: ID!) {
  node(id: $id) { id }
  all: matters(filter: {within: "140521201", platform: $platform}, first: 1) { totalCount nodes { id } }
  platform(by: {id: $platform}) { matters { totalCount } deep: matters(deep: true) { totalCount } }
  viewer { matters { totalCount nodes { id } } }
}"""


async def seen(client: Api, desk: Desk, matter: str) -> tuple[bool, int]:
    """Return whether a caller sees a matter, the latest of its platform, and how many there; all ways agree."""
    found = await client.data(SEEN, id=matter, platform=desk.story.platform)
    total = found["all"]["totalCount"]
    by_list = found["all"]["nodes"] == [{"id": matter}]
    assert (found["node"] is not None) == by_list
    assert found["platform"]["matters"]["totalCount"] == total <= found["platform"]["deep"]["totalCount"]
    return by_list, total


async def test_matter_is_raised_and_taken_into_a_topic_with_another(desk: Desk, writable_db: Database) -> None:
    values = {
        "platform": desk.story.platform,
        "title": " 水管漏水 ",
        "description": "冬天结冰。",
        "category": "WATER_POWER",
        "nature": "BLOCKING",
    }
    matter = (await desk.resident.act(RAISE, input=values))["matter"]
    first = matter.pop("id")
    assert matter == {
        "title": " 水管漏水 ",
        "description": "冬天结冰。",
        "nature": "BLOCKING",
        "raisedBy": "RESIDENT",
        "status": "RAISED",
        "version": 1,
        "category": "WATER_POWER",
        "acceptedAt": None,
        "answer": None,
        "answeredAt": None,
        "overdue": False,
        "platform": {"id": desk.story.platform},
        "topic": None,
    }
    assert await desk.do("accept", first) == {"status": "ACCEPTED", "version": 2}
    second, third = await desk.accepted(), await desk.accepted()
    topic = await desk.propose(second, first, first)
    merging = {"matter": third, "topic": topic, "expectedVersion": 2}
    listed = (await desk.staff.act(LIST_MATTER, input=merging))["matter"]
    assert listed == {
        "status": "LISTED",
        "version": 3,
        "topic": {"id": topic, "version": 2, "matters": [{"id": first}, {"id": second}, {"id": third}]},
    }
    assert await rows(
        writable_db, "SELECT type, data->>'matter_id' FROM event WHERE type LIKE 'matter.%' ORDER BY id"
    ) == [("matter.listed", third)]
    assert await rows(writable_db, "SELECT count(*) FROM delivery") == [(0,)]


async def test_withdrawn_topic_gives_its_matters_back(desk: Desk) -> None:
    matter, other = await desk.accepted(), await desk.accepted()
    topic = await desk.propose(matter, other)
    await desk.staff.act(WITHDRAW, input={"topic": topic, "reason": "另案处理"})
    query = "query ($id: ID!) { node(id: $id) { ... on Matter { status version topic { id } } } }"
    for one in (matter, other):
        found = (await desk.resident.data(query, id=one))["node"]
        assert found == {"status": "ACCEPTED", "version": 4, "topic": None}
    assert (await desk.do("answer", matter))["status"] == "ANSWERED"


async def test_who_raised_it_is_told_the_answer_or_the_reason(desk: Desk) -> None:
    answered, declined = await desk.accepted(), await desk.accepted()
    assert await desk.do("answer", answered) == {"status": "ANSWERED", "version": 3, "answer": "已联系供水公司。"}
    assert await desk.do("decline", declined) == {"status": "DECLINED", "version": 3, "answer": "正在诉讼。"}
    query = "{ viewer { matters { totalCount nodes { id answer answeredAt } } } }"
    own = (await desk.resident.data(query))["viewer"]["matters"]
    assert own["totalCount"] == 2
    told = [(one["id"], one["answer"]) for one in own["nodes"]]
    assert told == [(declined, "正在诉讼。"), (answered, "已联系供水公司。")]
    assert all(one["answeredAt"] for one in own["nodes"])


CALLERS: dict[str, tuple[tuple[Any, ...] | None, str | None]] = {
    "anonymous": (None, None),
    "who raised it": ((Role.RESIDENT, "140521"), "resident"),
    "who raised it, without the grant": (None, "resident"),
    "another resident": ((Role.RESIDENT, "140521"), "neighbour"),
    "a member": ((Role.MEMBER, "140521"), "member"),
    "cadre of the place": ((Role.CADRE, "140521201"), "cadre"),
    "cadre of another place": ((Role.CADRE, "140521200"), "cadre"),
    "secretariat of another county": ((Role.SECRETARIAT, "140106"), "secretariat"),
    "approver": ((Role.APPROVER, "140521"), "approver"),
    "auditor": ((Role.AUDITOR, "14"), "auditor"),
    "operator": ((Role.OPERATOR, "14"), "operator"),
    "department involved": ((Role.DEPARTMENT, None, "qinshui-court"), "court"),
    "department not involved": ((Role.DEPARTMENT, None, "qinshui-power"), "power"),
    "department of another county": ((Role.DEPARTMENT, None, "yingze-court"), "court"),
}
ALWAYS = {"who raised it", "who raised it, without the grant", "cadre of the place", "approver", "auditor"}


def caller(api: Api, name: str) -> Api:
    """Return a kind of caller."""
    grant, subject = CALLERS[name]
    if grant is None:
        return api.signed_in(subject) if subject else api.anonymous()
    return api.as_(*grant, subject=str(subject))


@pytest.mark.parametrize("name", CALLERS)
async def test_matter_is_seen_by_whom_it_concerns_until_its_topic_is_published(desk: Desk, name: str) -> None:
    client = caller(desk.staff, name)
    matter = await desk.accepted()
    sees, before = await seen(client, desk, matter)
    assert sees is (name in ALWAYS)
    await desk.story.involve("qinshui-court", "LEAD")
    await desk.do("list", matter)
    sees, then = await seen(client, desk, matter)
    assert sees is (name in ALWAYS or name == "department involved")
    assert then == before + (name == "department involved")
    await desk.story.list_()
    sees, after = await seen(client, desk, matter)
    assert (sees, after) == (True, before + (name not in ALWAYS))
    listed = await client.data("query ($id: ID!) { topic(by: {id: $id}) { matters { id } } }", id=desk.story.topic)
    assert listed == {"topic": {"matters": [{"id": matter}]}}
    own = (await client.data(SEEN, id=matter, platform=desk.story.platform))["viewer"]["matters"]
    assert own["nodes"] == [{"id": matter}] * name.startswith("who")
    assert own["totalCount"] == len(own["nodes"])


@pytest.mark.parametrize("name", CALLERS)
async def test_only_staff_of_the_place_see_to_a_matter(desk: Desk, writable_db: Database, name: str) -> None:
    client = caller(desk.staff, name)
    for verb, (mutation, _) in VERBS.items():
        matter = await desk.brought_to("RAISED" if verb == "accept" else "ACCEPTED")
        before = await rows(writable_db, EVERYTHING)
        values = desk.input(verb, matter)
        if name == "cadre of the place":
            assert (await client.act(mutation, input=values))["matter"]["version"] == 2 + (verb != "accept")
            continue
        sees = name in ALWAYS and not (verb == "list" and name.startswith("who raised it"))  # nor the topic yet
        code = "UNAUTHENTICATED" if name == "anonymous" else "FORBIDDEN" if sees else "NOT_FOUND"
        assert (await client.refusal(mutation, input=values))["code"] == code, verb
        assert await rows(writable_db, EVERYTHING) == before


PARTS = [
    ("anonymous", None, "UNAUTHENTICATED"),
    ("who raised it", None, "RESIDENT"),
    ("who raised it", "RESIDENT", "RESIDENT"),
    ("who raised it", "CADRE", "PART_NOT_HELD"),
    ("who raised it, without the grant", None, "FORBIDDEN"),
    ("a member", None, "MEMBER"),
    ("a member", "RESIDENT", "PART_NOT_HELD"),
    ("cadre of the place", None, "CADRE"),
    ("cadre of the place", "ENTERPRISE", "PART_NOT_HELD"),
    ("cadre of another place", None, "FORBIDDEN"),
    ("secretariat of another county", "CADRE", "FORBIDDEN"),
    ("approver", None, "FORBIDDEN"),
    ("auditor", None, "FORBIDDEN"),
    ("operator", None, "FORBIDDEN"),
    ("department not involved", None, "DEPARTMENT"),
    ("department not involved", "RESIDENT", "PART_NOT_HELD"),
    ("department of another county", None, "FORBIDDEN"),
]


async def test_matter_is_raised_in_a_part_that_the_grants_give(desk: Desk, writable_db: Database) -> None:
    for name, part, given in PARTS:
        values = {"platform": desk.story.platform, "category": "ROADS", "raisedBy": part, **desk.facts}
        client = caller(desk.staff, name)
        if given in set(ParticipantRole):
            assert (await client.act(RAISE, input=values))["matter"]["raisedBy"] == given
            continue
        before = await rows(writable_db, EVERYTHING)
        error = await client.refusal(RAISE, input=values)
        assert (error["code"], error["path"]) == (given, ["raisedBy"] if given == "PART_NOT_HELD" else None), name
        assert await rows(writable_db, EVERYTHING) == before


@pytest.mark.parametrize("status", MatterStatus)
async def test_matter_takes_the_steps_of_its_lifecycle_and_no_other(
    desk: Desk, writable_db: Database, status: MatterStatus
) -> None:
    for verb, (mutation, _) in VERBS.items():
        matter = await desk.brought_to(status.value)
        following = LIFECYCLE.get((status, verb))
        if following is not None:
            assert (await desk.do(verb, matter))["status"] == following.value
            continue
        before = await rows(writable_db, EVERYTHING)
        error = await desk.staff.refusal(mutation, input=desk.input(verb, matter))
        assert error["code"] == "ILLEGAL_TRANSITION"
        assert await rows(writable_db, EVERYTHING) == before


REFUSALS: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (RAISE, {"title": " "}, "INVALID_INPUT", ["title"]),
    (RAISE, {"title": "长" * 201}, "INVALID_INPUT", ["title"]),
    (RAISE, {"description": ""}, "INVALID_INPUT", ["description"]),
    (RAISE, {"description": "长" * 5_001}, "INVALID_INPUT", ["description"]),
    (RAISE, {"platform": f"platform_{NOWHERE}"}, "NOT_FOUND", ["platform"]),
    (RAISE, {"platform": "$topic"}, "INVALID_INPUT", ["platform"]),
    (RAISE, {"platform": "$closed"}, "PLATFORM_CLOSED", ["platform"]),
    (ACCEPT, {"matter": f"matter_{NOWHERE}"}, "NOT_FOUND", ["matter"]),
    (ACCEPT, {"matter": "$topic"}, "INVALID_INPUT", ["matter"]),
    (ACCEPT, {"matter": "$matter", "expectedVersion": 1}, "VERSION_CONFLICT", ["expectedVersion"]),
    (ANSWER, {"matter": "$matter", "answer": " "}, "INVALID_INPUT", ["answer"]),
    (ANSWER, {"matter": "$matter", "answer": "长" * 5_001}, "INVALID_INPUT", ["answer"]),
    (ANSWER, {"matter": "$matter", "answer": "x", "expectedVersion": 3}, "VERSION_CONFLICT", ["expectedVersion"]),
    (DECLINE, {"matter": "$matter", "reason": ""}, "INVALID_INPUT", ["reason"]),
    (DECLINE, {"matter": "$matter", "reason": "x", "expectedVersion": 1}, "VERSION_CONFLICT", ["expectedVersion"]),
    (LIST_MATTER, {"matter": "$matter", "topic": f"topic_{NOWHERE}"}, "NOT_FOUND", ["topic"]),
    (LIST_MATTER, {"matter": f"matter_{NOWHERE}", "topic": "$topic"}, "NOT_FOUND", ["matter"]),
    (LIST_MATTER, {"matter": "$matter", "topic": "$withdrawn"}, "TOPIC_CLOSED", None),
    (LIST_MATTER, {"matter": "$matter", "topic": "$resolved"}, "TOPIC_CLOSED", None),
    (
        LIST_MATTER,
        {"matter": "$matter", "topic": "$topic", "expectedVersion": 1},
        "VERSION_CONFLICT",
        ["expectedVersion"],
    ),
    (PROPOSE, {"matters": [f"matter_{NOWHERE}"]}, "NOT_FOUND", ["matters"]),
    (PROPOSE, {"matters": ["$matter", "$topic"]}, "INVALID_INPUT", ["matters"]),
    (PROPOSE, {"matters": ["$matter", "$raised"]}, "ILLEGAL_TRANSITION", None),
    (PROPOSE, {"matters": ["$matter", "$elsewhere"]}, "NOT_FOUND", ["matters"]),
    (PROPOSE, {"matters": ["$matter"], "title": ""}, "INVALID_INPUT", ["title"]),
]


@pytest.fixture
async def known(desk: Desk, writable_db: Database) -> dict[str, str]:
    """What refusals name: things in a state in which a verb does not take them."""
    found = {"$topic": desk.story.topic, "$matter": await desk.accepted(), "$raised": await desk.raised()}
    found["$withdrawn"] = await desk.propose()
    await desk.staff.act(WITHDRAW, input={"topic": found["$withdrawn"], "reason": "x"})
    statements = {
        "$elsewhere": "SELECT 'matter_' || id FROM matter WHERE status = 'ACCEPTED' "
        "AND division_number NOT BETWEEN 140521000000 AND 140521999999 LIMIT 1",
        "$resolved": "SELECT 'topic_' || id FROM topic WHERE status = 'RESOLVED' AND number LIKE 'T140521-%' LIMIT 1",
        "$closed": "UPDATE platform SET closed_on = '2026-01-01' WHERE id = (SELECT id FROM platform "
        "WHERE division_number BETWEEN 140521202000 AND 140521999999 ORDER BY code LIMIT 1) "
        "RETURNING 'platform_' || id",
    }
    for name, statement in statements.items():
        ((found[name],),) = await rows(writable_db, statement)
    return found


@pytest.mark.parametrize("mutation", dict.fromkeys(mutation for mutation, *_ in REFUSALS))
async def test_refusal_has_its_code_and_changes_nothing(
    desk: Desk, writable_db: Database, known: dict[str, str], mutation: str
) -> None:
    defaults = {
        RAISE: {"platform": desk.story.platform, "category": "ROADS", **desk.facts},
        PROPOSE: {"platform": desk.story.platform, "title": "管网", "kind": "MICRO", "category": "ROADS"},
    }
    client = desk.resident if mutation == RAISE else desk.staff

    def filled(value: Any) -> Any:
        return [filled(item) for item in value] if isinstance(value, list) else known.get(str(value), value)

    before = await rows(writable_db, EVERYTHING)
    for verb, values, code, path in REFUSALS:
        if verb == mutation:
            given = {name: filled(value) for name, value in {**defaults.get(mutation, {}), **values}.items()}
            error = await client.refusal(mutation, input=given)
            assert (error["code"], error["path"]) == (code, path), values
            assert error["message"].endswith(".")
            assert await rows(writable_db, EVERYTHING) == before


async def test_member_proposes_a_topic_but_takes_no_matters_into_it(desk: Desk, writable_db: Database) -> None:
    matter = await desk.accepted()
    values = {"platform": desk.story.platform, "title": "管网", "kind": "MICRO", "category": "ROADS"}
    member = caller(desk.staff, "a member")
    before = await rows(writable_db, EVERYTHING)
    assert (await member.refusal(PROPOSE, input={**values, "matters": [matter]}))["code"] == "NOT_FOUND"
    assert await rows(writable_db, EVERYTHING) == before
    assert (await member.act(PROPOSE, input={**values, "matters": []}))["errors"] == []


async def test_idempotency_key_raises_a_matter_once(desk: Desk, writable_db: Database) -> None:
    first, second = [await desk.raised(idempotencyKey="k1") for _ in range(2)]
    assert first == second
    assert await rows(writable_db, "SELECT count(*) FROM matter WHERE subject = 'resident'") == [(1,)]


async def test_matter_that_waits_too_long_is_overdue(
    desk: Desk, writable_db: Database, schema: Schema, issuer: LocalIssuer
) -> None:
    late, early = await desk.accepted(), await desk.raised()
    answered = await desk.brought_to("ANSWERED")
    for matter, days in ((late, 16), (early, 15), (answered, 16)):
        key = matter.removeprefix("matter_")
        await rows(
            writable_db,
            f"UPDATE matter SET raised_at = raised_at - interval '{days} days' WHERE id = '{key}' RETURNING id",
        )
    query = """query ($true: Boolean!) { viewer {
      matters(filter: {overdue: $true}) { nodes { id overdue } } } }"""

    async def found(client: Api, *, overdue: bool) -> list[str]:
        nodes = (await client.data(query, true=overdue))["viewer"]["matters"]["nodes"]
        assert {one["overdue"] for one in nodes} <= {overdue}
        return [one["id"] for one in nodes]

    assert await found(desk.resident, overdue=True) == [late]
    assert await found(desk.resident, overdue=False) == [early, answered]
    strict = Api(application(schema, writable_db, issuer, policy=Policy(matter_days=14)), issuer)
    assert await found(strict.signed_in("resident"), overdue=True) == [early, late]
    assert await found(strict.signed_in("resident"), overdue=False) == [answered]


async def test_traces_tell_what_became_of_a_matter_and_what_a_topic_is_made_of(desk: Desk) -> None:
    matter, other = await desk.accepted(), await desk.accepted()
    topic = await desk.propose(matter)
    query = """query ($matter: ID!, $topic: ID!) {
      node(id: $matter) { ... on Matter { trace { ...entry } } } topic(by: {id: $topic}) { trace { ...entry } } }
      fragment entry on TraceEntry { act actorRole summary subject { __typename id } }"""

    async def told(kind: str) -> list[tuple[str, str, str]]:
        found = await desk.staff.data(query, matter=matter, topic=topic)
        entries = (found["node"] if kind == "matter" else found["topic"])["trace"]
        return [(one["act"], one["actorRole"], one["subject"]["id"]) for one in entries]

    of_the_matter = [
        ("matter.raised", "RESIDENT", matter),
        ("matter.accepted", "SECRETARIAT", matter),
        ("matter.listed", "SECRETARIAT", topic),
    ]
    assert await told("matter") == of_the_matter
    assert await told("topic") == [
        *of_the_matter[:2],
        ("topic.proposed", "SECRETARIAT", topic),
        ("matter.listed", "SECRETARIAT", matter),
    ]
    await desk.staff.act(LIST_MATTER, input={"matter": other, "topic": topic})
    merged = await told("topic")
    assert [act for act, _, _ in merged] == [
        *("matter.raised", "matter.accepted", "matter.raised", "matter.accepted"),
        *("topic.proposed", "matter.listed", "matter.listed"),
    ]
    assert merged[-1] == ("matter.listed", "SECRETARIAT", other)
    await desk.staff.act(WITHDRAW, input={"topic": topic, "reason": "另案处理"})
    assert (await told("matter"))[3:] == [("matter.returned", "SECRETARIAT", topic)]
    assert [act for act, _, _ in await told("topic")] == [
        *("topic.proposed", "matter.listed", "matter.listed", "topic.withdrawn")
    ]
    await desk.do("answer", matter)
    await desk.do("decline", other)
    assert [act for act, _, _ in (await told("matter"))[4:]] == ["matter.answered"]
