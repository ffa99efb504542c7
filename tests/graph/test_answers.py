from typing import Any

import pytest

from services.core.actor import Role
from services.core.database import Database
from tests.graph.api import Api, document
from tests.graph.story import ASSIGN, OUTCOME, RECORD, Story
from tests.graph.test_notices import COURT, NOBODY, rows

ANSWERED = "notice { receipt { status note evidenceUrl } }"
ANSWER = document("answerNotice", ANSWERED)
DIGEST = "ab" * 32
DOCUMENT = {"url": "https://example.org/1.pdf", "sha256": DIGEST.upper(), "note": "回函"}
NOTICES = """query ($type: String!) { department(code: "qinshui-court") {
  notices(filter: {type: [$type]}) { nodes { id } } } }"""
WORK = """{ department(code: "qinshui-court") { commitments(first: 100) { nodes {
  task status progress { percent note } evidence { url sha256 note } } } } }"""
TRACED = """SELECT act, actor, actor_role, evidence FROM trace_entry
    WHERE act LIKE 'reply.%' AND actor = 'clerk' ORDER BY id"""
STATE = "SELECT receipt, receipt_note, receipt_evidence_url FROM delivery ORDER BY id"


@pytest.fixture
async def involved(story: Story) -> Story:
    """The court leads a listed topic, of which it was told."""
    await story.involve(COURT, "LEAD")
    await story.list_()
    return story


@pytest.fixture
async def assigned(involved: Story) -> Story:
    """The court has a commitment, too."""
    session = await involved.schedule()
    await involved.api.act(RECORD, input={"session": session["id"], "headcount": 3})
    values = {"topic": involved.topic, "agreement": "补植"}
    outcome = (await involved.api.act(OUTCOME, input=values))["outcome"]["id"]
    await involved.api.act(ASSIGN, input={"outcome": outcome, "department": COURT, "task": "勘界"})
    return involved


def court(story: Story) -> Api:
    return story.api.as_(Role.DEPARTMENT, department=COURT, subject="clerk")


async def notice(api: Api, type_: str) -> str:
    """Return the id of the court's one notice of a type."""
    (found,) = (await api.data(NOTICES, type=type_))["department"]["notices"]["nodes"]
    return str(found["id"])


async def surveyed(api: Api) -> dict[str, Any]:
    """Return the court's commitment of the story."""
    found = (await api.data(WORK))["department"]["commitments"]["nodes"]
    (work,) = (one for one in found if one["task"] == "勘界")
    return dict(work)


async def test_department_answers_a_notice_without_the_broker(involved: Story, writable_db: Database) -> None:
    clerk = court(involved)
    told = await notice(clerk, "topic.listed")
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"receipt": "RECEIVED"}, {"note": None, "evidenceUrl": None}),
        ({"receipt": "ACCEPTED", "note": "由民庭办理"}, {"note": "由民庭办理", "evidenceUrl": None}),
        ({"receipt": "IN_PROGRESS", "note": "已踏勘"}, {"note": "已踏勘", "evidenceUrl": None}),
        ({"receipt": "COMPLETED", "evidence": [DOCUMENT]}, {"note": None, "evidenceUrl": DOCUMENT["url"]}),
    ]
    for values, shown in steps:
        found = await clerk.do("answerNotice", ANSWERED, notice=told, **values)
        assert found == {"receipt": {"status": values["receipt"], **shown}}
    documents = [{"url": DOCUMENT["url"], "sha256": DIGEST}]
    assert await rows(writable_db, TRACED) == [
        ("reply.received", "clerk", "DEPARTMENT", []),
        ("reply.accepted", "clerk", "DEPARTMENT", []),
        ("reply.progress", "clerk", "DEPARTMENT", []),
        ("reply.completed", "clerk", "DEPARTMENT", documents),
    ]


async def test_answer_moves_the_commitment_that_the_notice_is_about(assigned: Story) -> None:
    clerk = court(assigned)
    told = await notice(clerk, "commitment.assigned")
    values: list[dict[str, Any]] = [
        {"receipt": "RECEIVED"},
        {"receipt": "ACCEPTED"},
        {"receipt": "IN_PROGRESS", "percent": 40, "note": "界桩已定位"},
        {"receipt": "COMPLETED", "evidence": [DOCUMENT]},
    ]
    states = []
    for one in values:
        await clerk.do("answerNotice", ANSWERED, notice=told, **one)
        work = await surveyed(clerk)
        states.append(work["status"])
    assert states == ["ASSIGNED", "ACCEPTED", "IN_PROGRESS", "DONE"]
    assert work["progress"] == [{"percent": 40, "note": "界桩已定位"}]
    assert work["evidence"] == [{**DOCUMENT, "sha256": DIGEST}]


async def test_declined_with_its_reason(assigned: Story) -> None:
    clerk = court(assigned)
    told = await notice(clerk, "commitment.assigned")
    await clerk.do("answerNotice", ANSWERED, notice=told, receipt="RECEIVED")
    for note in (None, ""):
        refused = await clerk.refusal(ANSWER, input={"notice": told, "receipt": "DECLINED", "note": note})
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["note"])
    await clerk.do("answerNotice", ANSWERED, notice=told, receipt="DECLINED", note="不属本院管辖")
    work = await surveyed(clerk)
    assert (work["status"], work["progress"]) == ("DECLINED", [{"percent": None, "note": "不属本院管辖"}])


REFUSALS: list[tuple[dict[str, Any], str, list[str] | None]] = [
    ({"receipt": "ACCEPTED"}, "ILLEGAL_TRANSITION", None),
    ({"receipt": "COMPLETED"}, "ILLEGAL_TRANSITION", None),
    ({"receipt": "IN_PROGRESS", "note": "x"}, "ILLEGAL_TRANSITION", None),
    ({"receipt": "RECEIVED", "notice": NOBODY}, "NOT_FOUND", ["notice"]),
    ({"receipt": "RECEIVED", "percent": 101}, "INVALID_INPUT", ["percent"]),
    ({"receipt": "RECEIVED", "note": "x" * 2001}, "INVALID_INPUT", ["note"]),
    ({"receipt": "RECEIVED", "evidence": [{"url": "ftp://x"}]}, "INVALID_INPUT", ["evidence", "url"]),
]


@pytest.mark.parametrize(("values", "code", "path"), REFUSALS)
async def test_refused_answer_changes_nothing(
    involved: Story, writable_db: Database, values: dict[str, Any], code: str, path: list[str] | None
) -> None:
    clerk = court(involved)
    given = {"notice": await notice(clerk, "topic.listed"), **values}
    refused = await clerk.refusal(ANSWER, input=given)
    assert (refused["code"], refused["path"]) == (code, path)
    assert await rows(writable_db, STATE) == [(None, None, None)]
    assert await rows(writable_db, TRACED) == []


async def test_only_the_department_answers_its_notices(involved: Story, writable_db: Database) -> None:
    told = await notice(court(involved), "topic.listed")
    another = involved.api.as_(Role.DEPARTMENT, department="qinshui-forestry")
    operator, staff = (involved.api.as_(role, "140521") for role in (Role.OPERATOR, Role.CADRE))
    values = {"notice": told, "receipt": "RECEIVED"}
    codes = [(await client.refusal(ANSWER, input=values))["code"] for client in (operator, staff, another)]
    assert codes == ["FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]
    assert (await involved.api.anonymous().refusal(ANSWER, input=values))["code"] == "UNAUTHENTICATED"
    assert await rows(writable_db, STATE) == [(None, None, None)]
