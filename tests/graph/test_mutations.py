import asyncio
from typing import Any

import pytest

from services.core.actor import Role
from services.core.database import Database
from tests.graph.api import Api
from tests.graph.story import (
    ASSIGN,
    CANCEL,
    INVOLVE,
    LIST,
    OUTCOME,
    PROPOSE,
    RECORD,
    REGISTER,
    RELEASE,
    REOPEN,
    RESCHEDULE,
    RESOLVE,
    SCHEDULE,
    WITHDRAW,
    Story,
)
from tests.servers import as_owner

EVIDENCE = [{"url": "https://example.org/1.jpg", "sha256": "ab" * 32, "note": "界桩"}]

TOLD = """
SELECT department.code, event.type, delivery.sequence, delivery.role FROM delivery
JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
ORDER BY event.id, department.code
"""
EVERYTHING = """
SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM delivery), (SELECT sum(version) FROM topic),
       (SELECT count(*) FROM session), (SELECT count(*) FROM involvement WHERE until IS NULL),
       (SELECT count(*) FROM outcome), (SELECT count(*) FROM commitment), (SELECT count(*) FROM department),
       (SELECT count(*) FROM evidence), (SELECT md5(string_agg(status || id, ',' ORDER BY id)) FROM topic)
"""


async def rows(db: Database, statement: str) -> list[tuple[Any, ...]]:
    async with as_owner(db) as tx:
        return [tuple(row) for row in await (await tx.connection()).exec_driver_sql(statement)]


async def test_topic_goes_from_proposal_to_resolution_and_its_departments_hear(
    story: Story, writable_db: Database
) -> None:
    api = story.api
    await story.involve("qinshui-court", "LEAD")
    payload = await story.involve("qinshui-forestry", "SUPPORT")
    assert payload["topic"]["involvements"] == [
        {"role": "LEAD", "department": {"code": "qinshui-court"}},
        {"role": "SUPPORT", "department": {"code": "qinshui-forestry"}},
    ]
    await story.list_()
    session = await story.schedule()
    assert (session["status"], session["form"]) == ("SCHEDULED", "ON_SITE")
    assert session["topics"] == [{"id": story.topic, "status": "SCHEDULED", "scheduledAt": "2097-05-01T01:00:00+00:00"}]
    attendances = [{"role": "DEPARTMENT", "department": "qinshui-court"}, {"role": "RESIDENT", "name": "居民"}]
    held = await api.act(
        RECORD, input={"session": story.session, "headcount": 18, "minutes": "达成一致", "attendances": attendances}
    )
    assert held["session"] == {
        "status": "HELD",
        "headcount": 18,
        "minutes": "达成一致",
        "topics": [{"status": "DELIBERATED"}],
        "attendances": {
            "nodes": [
                {"role": "DEPARTMENT", "name": None, "department": {"code": "qinshui-court"}},
                {"role": "RESIDENT", "name": "居民", "department": None},
            ]
        },
    }
    agreed = await api.act(OUTCOME, input={"topic": story.topic, "session": story.session, "agreement": "补植"})
    assert agreed["outcome"]["topic"] == {"status": "IMPLEMENTING"}
    assigned = await api.act(
        ASSIGN.replace("{ status dueOn", "{ id status dueOn"),
        input={
            "outcome": agreed["outcome"]["id"],
            "department": "qinshui-forestry",
            "task": "补植林木",
            "dueOn": "2097-09-01",
        },
    )
    assert assigned["commitment"] == {
        "id": assigned["commitment"]["id"],
        "status": "ASSIGNED",
        "dueOn": "2097-09-01",
        "department": {"code": "qinshui-forestry"},
        "outcome": {"topic": {"status": "IMPLEMENTING"}},
    }
    left_open = [{"commitment": assigned["commitment"]["id"], "reason": "等雨季"}]
    end = {"topic": story.topic, "summary": "已补植", "evidence": EVIDENCE, "openCommitments": left_open}
    resolved = await api.act(RESOLVE, input=end)
    assert (resolved["topic"]["status"], resolved["topic"]["evidence"]) == ("RESOLVED", EVIDENCE)
    reopened = await api.act(REOPEN, input={"topic": story.topic, "reason": "树苗枯死"})
    assert reopened["topic"] == {"status": "IMPLEMENTING", "resolvedAt": None, "resolution": None}
    both = [("qinshui-court", "LEAD"), ("qinshui-forestry", "SUPPORT")]
    expected = []
    for number, event in enumerate(("topic.listed", "topic.scheduled", "session.held", "outcome.recorded"), start=1):
        expected += [(code, event, number, role) for code, role in both]
    expected.append(("qinshui-forestry", "commitment.assigned", 5, "SUPPORT"))
    expected += [("qinshui-court", "topic.resolved", 5, "LEAD"), ("qinshui-forestry", "topic.resolved", 6, "SUPPORT")]
    expected += [("qinshui-court", "topic.reopened", 6, "LEAD"), ("qinshui-forestry", "topic.reopened", 7, "SUPPORT")]
    assert await rows(writable_db, TOLD) == expected


async def test_proposals_are_numbered_by_county_and_year(story: Story) -> None:
    values = {"platform": story.platform, "title": "又一件", "kind": "KEY", "category": "ROADS"}
    query = "query ($id: ID!) { topic(by: {id: $id}) { number } }"
    first = (await story.api.data(query, id=story.topic))["topic"]["number"]
    second = (await story.api.act(PROPOSE, input=values))["topic"]["number"]
    assert first.startswith("T140521-20")
    assert int(second[-4:]) == int(first[-4:]) + 1


async def test_proposer_follows_a_topic_before_it_is_listed(story: Story) -> None:
    member = story.api.as_(Role.MEMBER, "140521201", subject="member")
    neighbour = story.api.as_(Role.MEMBER, "140521201", subject="another member")
    values = {"platform": story.platform, "title": "又一件", "kind": "MICRO", "category": "ROADS"}
    topic = (await member.act(PROPOSE, input=values))["topic"]
    assert (topic["status"], topic["platform"]["id"]) == ("PROPOSED", story.platform)
    query = """query ($id: ID!) { topic(by: {id: $id}) { id trace { act } }
      topics(filter: {status: [PROPOSED], within: "140521201"}) { nodes { id } }
      search(text: "又一件", within: "140521201") { nodes { ... on Topic { id } } } }"""
    found = await member.data(query, id=topic["id"])
    assert found["topic"] == {"id": topic["id"], "trace": [{"act": "topic.proposed"}]}
    assert found["topics"]["nodes"] == found["search"]["nodes"] == [{"id": topic["id"]}]
    for other in (neighbour, story.api.anonymous()):
        hidden = await other.data(query, id=topic["id"])
        assert (hidden["topic"], hidden["topics"]["nodes"], hidden["search"]["nodes"]) == (None, [], [])
    await story.api.act(LIST, input={"topic": topic["id"]})
    assert (await neighbour.data(query, id=topic["id"]))["topic"]["id"] == topic["id"]


async def test_postponed_session_gets_a_new_time(story: Story, writable_db: Database) -> None:
    await story.involve("qinshui-court", "LEAD")
    await story.list_()
    await story.schedule()
    postponed = await story.api.act(RESCHEDULE, input={"session": story.session, "postpone": True})
    assert (postponed["session"]["status"], postponed["session"]["topics"][0]["status"]) == ("POSTPONED", "SCHEDULED")
    later = {"session": story.session, "scheduledAt": "2097-06-01T09:00:00+08:00", "venue": "县法院"}
    again = await story.api.act(RESCHEDULE, input=later)
    assert again["session"] == {
        "status": "SCHEDULED",
        "scheduledAt": "2097-06-01T01:00:00+00:00",
        "venue": "县法院",
        "topics": [{"status": "SCHEDULED", "scheduledAt": "2097-06-01T01:00:00+00:00"}],
    }
    types = [row[1] for row in await rows(writable_db, TOLD)]
    assert types == ["topic.listed", "topic.scheduled", "topic.rescheduled", "topic.rescheduled"]


async def test_cancelled_session_leaves_its_topic_listed_unless_another_takes_it(story: Story) -> None:
    await story.list_()
    await story.schedule("2097-05-01T09:00:00+08:00")
    first = story.session
    await story.schedule("2097-07-01T09:00:00+08:00")
    cancelled = await story.api.act(CANCEL, input={"session": first, "reason": "下雨"})
    assert cancelled["session"] == {
        "status": "CANCELLED",
        "topics": [{"status": "SCHEDULED", "scheduledAt": "2097-07-01T01:00:00+00:00"}],
    }
    cancelled = await story.api.act(CANCEL, input={"session": story.session, "reason": "下雨"})
    assert cancelled["session"]["topics"] == [{"status": "LISTED", "scheduledAt": None}]


async def test_released_department_hears_no_more(story: Story, writable_db: Database) -> None:
    await story.involve("qinshui-court", "LEAD")
    await story.involve("qinshui-forestry", "SUPPORT")
    await story.list_()
    released = await story.api.act(RELEASE, input={"topic": story.topic, "department": "qinshui-court"})
    assert released["topic"]["involvements"] == [{"role": "SUPPORT", "department": {"code": "qinshui-forestry"}}]
    await story.schedule()
    await story.involve("qinshui-power", "INFORMED")
    await story.api.act(WITHDRAW, input={"topic": story.topic, "reason": "另案处理"})
    assert [(code, event) for code, event, _, _ in await rows(writable_db, TOLD)] == [
        ("qinshui-court", "topic.listed"),
        ("qinshui-forestry", "topic.listed"),
        ("qinshui-court", "topic.released"),
        ("qinshui-forestry", "topic.scheduled"),
        ("qinshui-power", "topic.listed"),
        ("qinshui-power", "topic.scheduled"),
        ("qinshui-forestry", "topic.cancelled"),
        ("qinshui-power", "topic.cancelled"),
        ("qinshui-forestry", "topic.withdrawn"),
        ("qinshui-power", "topic.withdrawn"),
    ]


async def test_department_is_registered_with_its_channel(writing: Api) -> None:
    values = {"code": "qinshui-archive", "name": "沁水县档案馆", "kind": "OTHER", "division": "140521"}
    assert (await writing.act(REGISTER, input=values))["department"] == {
        "code": "qinshui-archive",
        "name": "沁水县档案馆",
        "kind": "OTHER",
        "division": {"name": "沁水县"},
        "channel": {"enabled": True, "pending": 0},
    }


REFUSALS: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (PROPOSE, {"title": " ", "platform": "$platform"}, "INVALID_INPUT", ["title"]),
    (PROPOSE, {"platform": "platform_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["platform"]),
    (PROPOSE, {"platform": "topic_1"}, "INVALID_INPUT", ["platform"]),
    (LIST, {"topic": "$topic", "expectedVersion": 7}, "VERSION_CONFLICT", ["expectedVersion"]),
    (LIST, {"topic": "topic_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["topic"]),
    (REOPEN, {"topic": "$topic", "reason": "x"}, "ILLEGAL_TRANSITION", None),
    (RESOLVE, {"topic": "$topic", "summary": "x", "evidence": EVIDENCE}, "ILLEGAL_TRANSITION", None),
    (RESOLVE, {"topic": "$topic", "summary": "x", "evidence": []}, "EVIDENCE_MISSING", ["evidence"]),
    (INVOLVE, {"topic": "$topic", "department": "qinshui-court"}, "ALREADY_INVOLVED", ["department"]),
    (INVOLVE, {"topic": "$topic", "department": "qinshui-power", "role": "LEAD"}, "LEAD_TAKEN", ["role"]),
    (INVOLVE, {"topic": "$topic", "department": "nobody"}, "NOT_FOUND", ["department"]),
    (RELEASE, {"topic": "$topic", "department": "qinshui-power"}, "NOT_INVOLVED", ["department"]),
    (SCHEDULE, {"platform": "$platform", "topics": ["$topic"]}, "ILLEGAL_TRANSITION", None),
    (SCHEDULE, {"platform": "$platform", "topics": []}, "AGENDA_EMPTY", ["topics"]),
    (
        SCHEDULE,
        {"platform": "$platform", "topics": ["$topic"], "liaisonGroup": "x_y"},
        "INVALID_INPUT",
        ["liaisonGroup"],
    ),
    (CANCEL, {"session": "session_00000000-0000-7000-8000-000000000000", "reason": "x"}, "NOT_FOUND", ["session"]),
    (OUTCOME, {"topic": "$topic", "agreement": "x"}, "ILLEGAL_TRANSITION", None),
    (REGISTER, {"code": "qinshui-court"}, "DEPARTMENT_CODE_TAKEN", ["code"]),
    (REGISTER, {"code": "Not A Code"}, "INVALID_INPUT", ["code"]),
    (REGISTER, {"code": "new", "division": "140522"}, "FORBIDDEN", None),
    (REGISTER, {"code": "new", "division": "140599"}, "NOT_FOUND", ["division"]),
]
DEFAULTS: dict[str, dict[str, Any]] = {
    PROPOSE: {"title": "x", "kind": "MICRO", "category": "OTHER"},
    SCHEDULE: {"scheduledAt": "2097-05-01T09:00:00+08:00", "venue": "x"},
    REGISTER: {"name": "x", "kind": "OTHER", "division": "140521"},
}


@pytest.mark.parametrize(("mutation", "values", "code", "path"), REFUSALS)
async def test_refusal_has_its_code_and_changes_nothing(
    story: Story, writable_db: Database, mutation: str, values: dict[str, Any], code: str, path: list[str] | None
) -> None:
    await story.involve("qinshui-court", "LEAD")
    before = await rows(writable_db, EVERYTHING)

    def known(value: object) -> object:
        if isinstance(value, list):
            return [known(item) for item in value]
        return {"$topic": story.topic, "$platform": story.platform}.get(str(value), value)

    filled = {name: known(value) for name, value in {**DEFAULTS.get(mutation, {}), **values}.items()}
    error = await story.api.refusal(mutation, input=filled)
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"].endswith(".")
    assert await rows(writable_db, EVERYTHING) == before


@pytest.mark.parametrize(
    ("role", "within", "code"),
    [
        (None, None, "UNAUTHENTICATED"),
        (Role.RESIDENT, "140521", "FORBIDDEN"),
        (Role.MEMBER, "140521", "FORBIDDEN"),
        (Role.APPROVER, "140521", "FORBIDDEN"),
        (Role.OPERATOR, "14", "FORBIDDEN"),
        (Role.AUDITOR, "14", "FORBIDDEN"),
        (Role.SECRETARIAT, "140106", "FORBIDDEN"),
        (Role.CADRE, "140521200", "FORBIDDEN"),
        (Role.CADRE, "140521201", None),
        (Role.SECRETARIAT, "14", None),
    ],
)
async def test_only_staff_of_the_place_may_list(
    story: Story, writable_db: Database, role: Role | None, within: str | None, code: str | None
) -> None:
    client = story.api.as_(role, within) if role else story.api.anonymous()
    before = await rows(writable_db, EVERYTHING)
    if code is None:
        assert (await client.act(LIST, input={"topic": story.topic}))["topic"]["status"] == "LISTED"
        return
    assert (await client.refusal(LIST, input={"topic": story.topic}))["code"] == code
    assert await rows(writable_db, EVERYTHING) == before


async def test_idempotency_key_runs_a_verb_once(story: Story, writable_db: Database) -> None:
    values = {"platform": story.platform, "title": "一次", "kind": "KEY", "category": "ROADS", "idempotencyKey": "k1"}
    first, second = await asyncio.gather(story.api.act(PROPOSE, input=values), story.api.act(PROPOSE, input=values))
    assert first == second
    assert await rows(writable_db, "SELECT count(*) FROM topic WHERE title = '一次'") == [(1,)]
    error = await story.api.refusal(PROPOSE, input={**values, "title": "两次"})
    assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])
    await story.list_()
    again = await story.api.refusal(LIST, input={"topic": story.topic, "idempotencyKey": "k2"})
    assert again["code"] == "ILLEGAL_TRANSITION"


async def test_payload_answers_aliases_of_its_thing(story: Story) -> None:
    mutation = """mutation ($t: ID!) { m: listTopic(input: {topic: $t}) {
      a: topic { s: status } b: topic { status platform { n: name } } __typename errors { code } } }"""
    data = await story.api.data(mutation, t=story.topic)
    payload = data["m"]
    assert (payload["a"], payload["b"]["status"], payload["__typename"], payload["errors"]) == (
        {"s": "LISTED"},
        "LISTED",
        "ListTopicPayload",
        [],
    )
    assert payload["b"]["platform"]["n"]
