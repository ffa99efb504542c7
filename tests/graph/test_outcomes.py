"""What follows a session: opinions, commitments to their end, conversions, follow-ups."""

import asyncio
from typing import Any

import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.clock import SystemClock, china_day
from services.core.database import Database
from services.core.policy import Policy
from services.core.tokens import GrantClaim, LocalIssuer
from tests.graph.aftermath import (
    ACCEPT,
    ADD,
    CALLED,
    COMPLETE,
    CONVERT_OPINION,
    CONVERT_OUTCOME,
    DECLINE,
    DISPUTE,
    EVERYTHING,
    EVIDENCE,
    FILE,
    FIXED,
    FOLLOW_UP,
    HELD,
    NOBODY,
    REPORT,
    RESIDENT,
    VERIFY,
    Aftermath,
)
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.plans import have_planned
from tests.graph.story import CANCEL, LIST, PROPOSE, RECORD, RESOLVE, SCHEDULE, Story
from tests.graph.test_mutations import TOLD, rows
from tests.servers import as_owner


async def test_opinions_are_recorded_with_the_session_and_added_later(aftermath: Aftermath) -> None:
    member = aftermath.seat
    said = [
        {"role": "MEMBER", "text": "先勘界", "topic": aftermath.topic, "member": member},
        {"role": "RESIDENT", "text": "公开结果"},
    ]
    came = [RESIDENT, {"role": "MEMBER", "member": member}]
    session = (await aftermath.hold(opinions=said, attendances=came))["session"]
    assert [{key: one[key] for key in ("role", "text", "topic", "member")} for one in session["opinions"]] == [
        {"role": "MEMBER", "text": "先勘界", "topic": {"id": aftermath.topic}, "member": {"id": member}},
        {"role": "RESIDENT", "text": "公开结果", "topic": None, "member": None},
    ]
    assert session["topics"] == [{"opinions": [{"text": "先勘界"}]}]
    values = {"session": aftermath.session, "role": "MEMBER", "text": "界桩要牢", "topic": aftermath.topic}
    added = (await aftermath.member.act(ADD, input=values))["opinion"]
    assert (added["role"], added["topic"]) == ("MEMBER", {"id": aftermath.topic})
    assert added["session"]["opinions"] == [{"text": text} for text in ("先勘界", "公开结果", "界桩要牢")]
    node = "query ($id: ID!) { node(id: $id) { ... on Opinion { text session { id } } } }"
    assert await aftermath.api.data(node, id=added["id"]) == {
        "node": {"text": "界桩要牢", "session": {"id": aftermath.session}}
    }


@pytest.mark.parametrize(
    ("kind", "roles", "is_held"),
    [
        ("KEY", [], False),
        ("KEY", ["CADRE", "MEMBER", "DEPARTMENT", "ENTERPRISE", "OTHER"], False),
        ("KEY", ["CADRE", "RESIDENT"], True),
        ("KEY", ["STAKEHOLDER"], True),
        ("MICRO", ["CADRE"], True),
        ("MICRO", [], True),
    ],
)
async def test_key_topic_needs_the_public_at_its_session(
    writing: Api, writable_db: Database, kind: str, roles: list[str], *, is_held: bool
) -> None:
    story = Aftermath(writing)
    await story.begin()
    values = {"platform": story.platform, "title": "股份划分", "kind": kind, "category": "ECONOMY"}
    story.topic = (await writing.act(PROPOSE, input=values))["topic"]["id"]
    await story.list_()
    await have_planned(writing, story.platform, story.topic)
    await story.schedule()
    before = await rows(writable_db, EVERYTHING)
    held = {"session": story.session, "attendances": [{"role": role} for role in roles], "headcount": 9}
    if is_held:
        assert (await writing.act(RECORD, input=held))["session"]["topics"] == [{"status": "DELIBERATED"}]
        return
    error = await writing.refusal(RECORD, input=held)
    assert (error["code"], error["path"]) == ("PUBLIC_NOT_PRESENT", ["attendances"])
    assert await rows(writable_db, EVERYTHING) == before


async def test_public_is_not_needed_where_the_rule_is_off(
    schema: Schema, writable_db: Database, issuer: LocalIssuer
) -> None:
    api = Api(application(schema, writable_db, issuer, policy=Policy(require_public_attendee=False)), issuer)
    story = Story(api.as_(Role.SECRETARIAT, "140521"))
    await story.begin()
    values = {"platform": story.platform, "title": "股份划分", "kind": "KEY", "category": "ECONOMY"}
    story.topic = (await story.api.act(PROPOSE, input=values))["topic"]["id"]
    await story.list_()
    await have_planned(story.api, story.platform, story.topic)
    await story.schedule()
    held = await story.api.act(RECORD, input={"session": story.session})
    assert held["session"]["status"] == "HELD"


async def test_commitment_is_done_disputed_done_again_and_verified(agreed: Aftermath, writable_db: Database) -> None:
    department, resident = agreed.department, agreed.resident
    assert (await agreed.do(department, ACCEPT))["status"] == "ACCEPTED"
    reported = await agreed.do(department, REPORT, percent=40, note="已备苗")
    assert (reported["status"], reported["progress"]) == ("IN_PROGRESS", [{"percent": 40, "note": "已备苗"}])
    done = await agreed.do(agreed.api, COMPLETE, evidence=EVIDENCE)
    kept = [{**EVIDENCE[0], "sha256": "ab" * 32}]
    assert (done["status"], done["evidence"], done["overdue"]) == ("DONE", kept, False)
    past = "UPDATE commitment SET due_on = '2024-01-31' WHERE id = '{}' RETURNING id"
    await rows(writable_db, past.format(agreed.commitment.removeprefix("commitment_")))
    disputed = await agreed.do(resident, DISPUTE, reason="北坡没有补")
    assert (disputed["status"], disputed["overdue"]) == ("DISPUTED", True)
    again = await agreed.do(department, REPORT, note="补植北坡")
    assert again["status"] == "IN_PROGRESS"
    await agreed.do(department, COMPLETE, evidence=EVIDENCE)
    cadre = agreed.api.as_(Role.CADRE, "140521201", subject="cadre")
    verified = await agreed.do(cadre, VERIFY, note="已查看")
    assert verified["status"] == "VERIFIED"
    assert verified["verdicts"] == [
        {"role": "RESIDENT", "fulfilled": False, "note": "北坡没有补"},
        {"role": "CADRE", "fulfilled": True, "note": "已查看"},
    ]
    told = [(code, event) for code, event, _, _ in await rows(writable_db, TOLD) if event.startswith("commitment")]
    assert told == [
        ("qinshui-forestry", f"commitment.{what}") for what in ("assigned", "disputed", "verified")
    ]  # fmt: skip
    events = "SELECT type FROM event WHERE type LIKE 'commitment.%' ORDER BY id"
    assert [row[0].removeprefix("commitment.") for row in await rows(writable_db, events)] == [
        *("assigned", "accepted", "progressed", "completed", "disputed", "progressed", "completed", "verified")
    ]
    trace = f"""SELECT actor_role, summary FROM trace_entry JOIN trace_chain AS chain ON chain.id = chain_id
    WHERE topic_id = '{agreed.topic.removeprefix("topic_")}' AND act LIKE 'commitment.%' ORDER BY sequence"""
    name = (await rows(writable_db, "SELECT name FROM department WHERE code = 'qinshui-forestry'"))[0][0]
    assert await rows(writable_db, trace) == [
        ("SECRETARIAT", f"交办落实事项:{name}"),
        ("DEPARTMENT", f"{name}受理落实事项"),
        ("DEPARTMENT", f"{name}报告落实进展"),
        ("SECRETARIAT", f"{name}报告落实事项办结"),
        ("RESIDENT", f"对落实事项提出异议:{name}"),
        ("DEPARTMENT", f"{name}报告落实进展"),
        ("DEPARTMENT", f"{name}报告落实事项办结"),
        ("CADRE", f"落实事项经核实完成:{name}"),
    ]


@pytest.mark.parametrize("judge", [VERIFY, DISPUTE], ids=["verify", "dispute"])
@pytest.mark.parametrize("by", ["accepting", "reporting", "completing", "department"])
async def test_nobody_judges_what_they_worked_on(agreed: Aftermath, writable_db: Database, judge: str, by: str) -> None:
    own, others = (agreed.api.as_(Role.CADRE, "140521201", subject=name) for name in ("own", "others"))
    await agreed.do(own if by == "accepting" else others, ACCEPT)
    await agreed.do(own if by == "reporting" else others, REPORT, note="已备苗")
    await agreed.do(own if by == "completing" else others, COMPLETE, evidence=EVIDENCE)
    if by == "department":
        grants = {"role": Role.DEPARTMENT, "department": "qinshui-forestry"}, {"role": Role.RESIDENT, "within": "14"}
        own = agreed.api.signed_in("own", *(GrantClaim(**grant) for grant in grants))
    before = await rows(writable_db, EVERYTHING)
    values = {"commitment": agreed.commitment, **NEEDED.get(judge, {})}
    error = await own.refusal(judge, input=values)
    assert (error["code"], error["path"]) == ("OWN_WORK", ["commitment"])
    if by != "department":
        also = agreed.api.signed_in("own", GrantClaim(role=Role.RESIDENT, within="140521201"))
        answer = {"topic": agreed.topic, "role": "RESIDENT", "score": 5, "confirmsFix": True}
        error = await also.refusal(FOLLOW_UP, input=answer)
        assert (error["code"], error["path"]) == ("OWN_WORK", ["topic"])
    assert await rows(writable_db, EVERYTHING) == before
    assert (await agreed.do(agreed.resident, judge, **NEEDED.get(judge, {})))["status"] in {"VERIFIED", "DISPUTED"}


@pytest.mark.parametrize("state", ["ASSIGNED", "ACCEPTED", "IN_PROGRESS", "DISPUTED", "DECLINED"])
async def test_topic_with_open_commitments_is_resolved_for_a_reason_each(
    agreed: Aftermath, writable_db: Database, state: str
) -> None:
    first = agreed.commitment
    await agreed.assign()
    await put(writable_db, first, "VERIFIED")
    await put(writable_db, agreed.commitment, state)
    end = {"topic": agreed.topic, "summary": "已补植", "evidence": EVIDENCE}
    before = await rows(writable_db, EVERYTHING)
    for left_open, code, path in (
        ([], "COMMITMENTS_OPEN", ["openCommitments"]),
        ([(first, "已办")], "COMMITMENT_NOT_OPEN", ["openCommitments", "commitment"]),
        ([(agreed.commitment, "等雨季"), (first, "已办")], "COMMITMENT_NOT_OPEN", ["openCommitments", "commitment"]),
        ([(agreed.commitment, "等雨季")] * 2, "COMMITMENT_NOT_OPEN", ["openCommitments", "commitment"]),
        ([(agreed.commitment, " ")], "INVALID_INPUT", ["openCommitments", "reason"]),
        ([(agreed.commitment, "长" * 301)], "INVALID_INPUT", ["openCommitments", "reason"]),
        ([(agreed.topic, "等雨季")], "INVALID_INPUT", ["openCommitments", "commitment"]),
    ):
        named = [{"commitment": key, "reason": reason} for key, reason in left_open]
        error = await agreed.api.refusal(RESOLVE, input={**end, "openCommitments": named})
        assert (error["code"], error["path"]) == (code, path), left_open
        if not left_open:
            assert f"{agreed.commitment} is {state}" in error["message"]
    assert await rows(writable_db, EVERYTHING) == before
    resolved = await agreed.api.act(RESOLVE, input={**end, **agreed.left_open("等雨季后补植")})
    assert resolved["topic"]["status"] == "RESOLVED"
    trace = "query ($id: ID!) { topic(by: {id: $id}) { trace { act summary subject { id } } } }"
    kept = (await agreed.api.anonymous().data(trace, id=agreed.topic))["topic"]["trace"]
    (left,) = (entry for entry in kept if entry["act"] == "commitment.left_open")
    assert (left["subject"]["id"], left["summary"].rpartition(":")[2]) == (agreed.commitment, "等雨季后补植")


@pytest.mark.parametrize("state", ["DONE", "VERIFIED", "WITHDRAWN"])
async def test_topic_whose_commitments_are_settled_is_resolved(
    agreed: Aftermath, writable_db: Database, state: str
) -> None:
    await put(writable_db, agreed.commitment, state)
    end = {"topic": agreed.topic, "summary": "已补植", "evidence": EVIDENCE}
    assert (await agreed.api.act(RESOLVE, input=end))["topic"]["status"] == "RESOLVED"


async def put(db: Database, commitment: str, state: str) -> None:
    """Put a commitment into a state."""
    async with as_owner(db) as tx:
        change = f"UPDATE commitment SET status = '{state}' WHERE id = '{commitment.removeprefix('commitment_')}'"
        await (await tx.connection()).exec_driver_sql(change)


async def test_declined_commitment_keeps_the_reason(agreed: Aftermath) -> None:
    declined = await agreed.do(agreed.department, DECLINE, reason="属水务部门职责")
    assert (declined["status"], declined["progress"]) == ("DECLINED", [{"percent": None, "note": "属水务部门职责"}])


STEPS = {
    ACCEPT: {"ASSIGNED"},
    DECLINE: {"ASSIGNED"},
    REPORT: {"ACCEPTED", "IN_PROGRESS", "DISPUTED"},
    COMPLETE: {"ACCEPTED", "IN_PROGRESS"},
    VERIFY: {"DONE"},
    DISPUTE: {"DONE"},
}
NEEDED: dict[str, dict[str, Any]] = {
    DECLINE: {"reason": "x"},
    REPORT: {"note": "x"},
    COMPLETE: {"evidence": EVIDENCE},
    DISPUTE: {"reason": "x"},
}
STATES = ("ASSIGNED", "ACCEPTED", "DECLINED", "IN_PROGRESS", "DONE", "VERIFIED", "DISPUTED", "WITHDRAWN")


@pytest.mark.parametrize("mutation", STEPS, ids=["accept", "decline", "report", "complete", "verify", "dispute"])
async def test_commitment_takes_no_other_step_and_then_nothing_changes(
    agreed: Aftermath, writable_db: Database, mutation: str
) -> None:
    for state in STATES:
        if state not in STEPS[mutation]:
            async with as_owner(writable_db) as tx:
                key = agreed.commitment.removeprefix("commitment_")
                change = f"UPDATE commitment SET status = '{state}' WHERE id = '{key}'"
                await (await tx.connection()).exec_driver_sql(change)
            before = await rows(writable_db, EVERYTHING)
            values = {"commitment": agreed.commitment, **NEEDED.get(mutation, {})}
            error = await agreed.api.refusal(mutation, input=values)
            assert (state, error["code"]) == (state, "ILLEGAL_TRANSITION")
            assert await rows(writable_db, EVERYTHING) == before


async def test_followed_up_topic_is_confirmed_fixed_by_the_publics_last_word(agreed: Aftermath) -> None:
    async def asked(who: Api, role: str, score: int, *, confirms: bool) -> Any:
        values = {"topic": agreed.topic, "role": role, "score": score, "confirmsFix": confirms}
        await who.act(FOLLOW_UP, input=values)
        return (await agreed.api.data(FIXED, id=agreed.topic))["topic"]

    neighbour = agreed.api.as_(Role.RESIDENT, "140521201", subject="neighbour")
    topic = await asked(agreed.resident, "RESIDENT", 4, confirms=True)
    assert (topic["status"], topic["resolvedAt"]) == ("IMPLEMENTING", None)
    assert topic["confirmedFixedAt"] == topic["followUps"][0]["at"]
    assert (await asked(neighbour, "STAKEHOLDER", 2, confirms=False))["confirmedFixedAt"] is None
    values = {"topic": agreed.topic, "summary": "已补植", "evidence": EVIDENCE, **agreed.left_open()}
    assert (await agreed.api.act(RESOLVE, input=values))["topic"]["status"] == "RESOLVED"
    topic = await asked(neighbour, "STAKEHOLDER", 5, confirms=True)
    assert (topic["status"], topic["confirmedFixedAt"]) == ("RESOLVED", topic["followUps"][-1]["at"])
    assert [(one["score"], one["confirmsFix"]) for one in topic["followUps"]] == [(4, True), (5, True)]


async def test_person_who_answers_again_has_one_standing_answer_and_the_past_keeps_the_others(
    agreed: Aftermath, writable_db: Database
) -> None:
    for score in (5, *(1,) * 9):
        said = {"topic": agreed.topic, "role": "RESIDENT", "score": score, "confirmsFix": score > 2}
        await agreed.resident.act(FOLLOW_UP, input=said)
        if score > 2:
            first = (await agreed.api.data(FIXED, id=agreed.topic))["topic"]["confirmedFixedAt"]
    topic = (await agreed.api.data(FIXED, id=agreed.topic))["topic"]
    assert [(one["score"], one["recordedBy"], one["channel"]) for one in topic["followUps"]] == [(1, None, "ONLINE")]
    assert (first is not None, topic["confirmedFixedAt"]) == (True, None)
    key = agreed.topic.removeprefix("topic_")
    versions = f"""SELECT score, recorded_at FROM follow_up_history WHERE topic_id = '{key}'
    UNION ALL SELECT score, recorded_at FROM follow_up WHERE topic_id = '{key}' ORDER BY 2"""
    kept = await rows(writable_db, versions)
    assert [score for score, _ in kept] == [5, *(1,) * 9]
    traced = "SELECT count(*) FROM trace_entry WHERE act = 'followup.recorded' AND actor = 'resident'"
    assert await rows(writable_db, traced) == [(10,)]
    then = await agreed.api.data(THEN, id=agreed.topic, then=kept[0][1].isoformat())
    assert (then["topic"]["followUps"], then["topic"]["confirmedFixedAt"] is None) == ([{"score": 5}], False)


async def test_staff_records_what_others_said_person_by_person_and_confirms_nothing(agreed: Aftermath) -> None:
    cadre = agreed.api.as_(Role.CADRE, "140521201")

    async def asked(respondent: str, score: int, channel: str = "TELEPHONE") -> Any:
        said = {"topic": agreed.topic, "role": "RESIDENT", "score": score, "confirmsFix": score > 2}
        values = {**said, "channel": channel, "respondent": respondent}
        found = (await cadre.act(FOLLOW_UP, input=values))["followUp"]
        assert (found["recordedBy"], found["channel"], found["respondent"]) == ("CADRE", channel, respondent.strip())
        return (await cadre.data(FIXED, id=agreed.topic))["topic"]

    own = {"topic": agreed.topic, "role": "RESIDENT", "score": 1, "confirmsFix": False}
    await agreed.resident.act(FOLLOW_UP, input=own)
    assert (await asked("张女士", 5))["confirmedFixedAt"] is None
    assert (await asked("李先生", 4, "VISIT"))["confirmedFixedAt"] is None
    topic = await asked(" 张女士 ", 3, "MEETING")
    said = [(one["score"], one["recordedBy"], one["respondent"]) for one in topic["followUps"]]
    assert said == [(1, None, None), (4, "CADRE", "李先生"), (3, "CADRE", "张女士")]
    await agreed.resident.act(FOLLOW_UP, input={**own, "score": 4, "confirmsFix": True})
    confirmed = (await asked("张女士", 1))["confirmedFixedAt"]
    assert confirmed is not None
    public = (await agreed.resident.data(FIXED, id=agreed.topic))["topic"]
    assert [one["respondent"] for one in public["followUps"]] == [None, None, None]
    assert [one["recordedBy"] for one in public["followUps"]] == ["CADRE", None, "CADRE"]


async def test_staff_says_whom_it_asked_and_how(agreed: Aftermath, writable_db: Database) -> None:
    grants = (GrantClaim(role=role, within="140521201") for role in (Role.RESIDENT, Role.CADRE))
    both = agreed.api.signed_in("both", *grants)
    before = await rows(writable_db, EVERYTHING)
    said = {"topic": agreed.topic, "role": "RESIDENT", "score": 5, "confirmsFix": True}
    for who, values, code, path in (
        (agreed.api, {}, "CHANNEL_MISSING", ["channel"]),
        (agreed.api, {"channel": "VISIT"}, "RESPONDENT_MISSING", ["respondent"]),
        (agreed.api, {"channel": "VISIT", "respondent": " "}, "INVALID_INPUT", ["respondent"]),
        (agreed.api, {"channel": "VISIT", "respondent": "长" * 101}, "INVALID_INPUT", ["respondent"]),
        (agreed.api, {"channel": "ONLINE"}, "FORBIDDEN", None),
        (agreed.resident, CALLED, "FORBIDDEN", None),
        (agreed.resident, {"respondent": "张女士"}, "RESPONDENT_NOT_ASKED", ["respondent"]),
        (both, {"respondent": "张女士"}, "RESPONDENT_NOT_ASKED", ["respondent"]),
    ):
        error = await who.refusal(FOLLOW_UP, input={**said, **values})
        assert (error["code"], error["path"]) == (code, path), values
    assert await rows(writable_db, EVERYTHING) == before
    assert (await both.act(FOLLOW_UP, input=said))["followUp"]["recordedBy"] is None
    assert (await both.act(FOLLOW_UP, input={**said, **CALLED}))["followUp"]["recordedBy"] == "CADRE"


@pytest.mark.parametrize(("mutation", "after"), [(RECORD, "HELD"), (CANCEL, "CANCELLED")])
async def test_session_ahead_of_a_resolved_topic_takes_place_or_not(
    agreed: Aftermath, mutation: str, after: str
) -> None:
    await agreed.schedule("2097-06-01T09:00:00+08:00")
    end = {"topic": agreed.topic, "summary": "已补植", "evidence": EVIDENCE, **agreed.left_open()}
    await agreed.api.act(RESOLVE, input=end)
    values = {"session": agreed.session, **({"reason": "已办结"} if mutation == CANCEL else {})}
    session = (await agreed.api.act(mutation, input=values))["session"]
    assert (session["status"], [topic["status"] for topic in session["topics"]]) == (after, ["RESOLVED"])


THEN = """query ($id: ID!, $then: DateTime!) {
  topic(by: {id: $id}, asOf: $then) { confirmedFixedAt followUps { score } } }"""
STATISTICS = """{ township: division(code: "140521201") { ...f } county: division(code: "140521") { ...f }
  platform(by: {code: "P140521-08"}) { ...p } before: division(code: "140521") {
    statistics(period: {until: "2021-01-01"}) { conversions { kind count } satisfaction } } }
fragment f on Division { statistics { conversions { kind count } satisfaction } }
fragment p on Platform { statistics { conversions { kind count } satisfaction } }"""


def counts(statistics: dict[str, Any]) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in statistics["conversions"]}


async def test_conversions_and_scores_are_counted(agreed: Aftermath, writable_db: Database) -> None:
    before, today = await agreed.api.data(STATISTICS), china_day(SystemClock().now()).isoformat()
    member = (await rows(writable_db, "SELECT id FROM member WHERE division_number / 1000000 = 140521 LIMIT 1"))[0][0]
    values = {"opinion": agreed.opinion, "kind": "PROPOSAL", "title": "提案", "author": f"member_{member}"}
    converted = (await agreed.api.act(CONVERT_OPINION, input=values))["conversion"]
    assert (converted["filed"], converted["author"], converted["source"]) == (
        None,
        {"id": f"member_{member}"},
        {"__typename": "Opinion", "id": agreed.opinion, "text": "树苗要选耐旱的"},
    )
    values = {"outcome": agreed.outcome, "kind": "PROPOSAL", "title": "提案", "submittedOn": today}
    converted = (await agreed.api.act(CONVERT_OUTCOME, input=values))["conversion"]
    assert (converted["submittedOn"], converted["source"]) == (
        today,
        {"__typename": "Outcome", "id": agreed.outcome, "topic": {"id": agreed.topic}},
    )
    filed = (await agreed.api.act(FILE, input={"conversion": converted["id"], "filed": True}))["conversion"]
    assert filed["filed"] is True
    for respondent, score in (("甲", 1), ("乙", 4), ("甲", 2)):
        said = {"topic": agreed.topic, "role": "RESIDENT", "score": score, "confirmsFix": score > 2}
        called = {"channel": "TELEPHONE", "respondent": respondent}
        await agreed.api.act(FOLLOW_UP, input={**said, **called})
    after = await agreed.api.data(STATISTICS)
    asked = await rows(
        writable_db,
        "SELECT count(*), sum(score) FROM follow_up WHERE division_number / 1000000 = 140521",
    )
    for place in ("township", "county", "platform"):
        was, now = before[place]["statistics"], after[place]["statistics"]
        assert counts(now) == {**counts(was), "PROPOSAL": counts(was).get("PROPOSAL", 0) + 2}
    assert after["county"]["statistics"]["satisfaction"] == asked[0][1] / asked[0][0]
    nothing: dict[str, Any] = {"conversions": [], "satisfaction": None}
    assert before["before"] == after["before"] == {"statistics": nothing}


REFUSALS: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (ADD, {"session": "$session", "role": "MEMBER", "text": " "}, "INVALID_INPUT", ["text"]),
    (ADD, {"session": f"session_{NOBODY}", "role": "MEMBER", "text": "x"}, "NOT_FOUND", ["session"]),
    (
        ADD,
        {"session": "$session", "role": "MEMBER", "text": "x", "topic": f"topic_{NOBODY}"},
        "NOT_FOUND",
        ["topic"],
    ),
    (
        ADD,
        {"session": "$session", "role": "RESIDENT", "text": "x", "member": f"member_{NOBODY}"},
        "AUTHOR_NOT_MEMBER",
        ["role"],
    ),
    (
        ADD,
        {"session": "$session", "role": "MEMBER", "text": "x", "member": f"member_{NOBODY}"},
        "NOT_FOUND",
        ["member"],
    ),
    (ACCEPT, {"commitment": f"commitment_{NOBODY}"}, "NOT_FOUND", ["commitment"]),
    (ACCEPT, {"commitment": "$topic"}, "INVALID_INPUT", ["commitment"]),
    (VERIFY, {"commitment": "$commitment"}, "ILLEGAL_TRANSITION", None),
    (CONVERT_OUTCOME, {"outcome": f"outcome_{NOBODY}"}, "NOT_FOUND", ["outcome"]),
    (CONVERT_OUTCOME, {"outcome": "$outcome", "kind": "SUGGESTION"}, "ALREADY_CONVERTED", ["kind"]),
    (CONVERT_OUTCOME, {"outcome": "$outcome", "title": ""}, "INVALID_INPUT", ["title"]),
    (CONVERT_OUTCOME, {"outcome": "$outcome", "author": f"member_{NOBODY}"}, "NOT_FOUND", ["author"]),
    (CONVERT_OPINION, {"opinion": f"opinion_{NOBODY}"}, "NOT_FOUND", ["opinion"]),
    (CONVERT_OPINION, {"opinion": "$opinion", "title": "长" * 201}, "INVALID_INPUT", ["title"]),
    (FILE, {"conversion": f"conversion_{NOBODY}", "filed": True}, "NOT_FOUND", ["conversion"]),
    (FOLLOW_UP, {"topic": "$topic", "score": 0}, "INVALID_INPUT", ["score"]),
    (FOLLOW_UP, {"topic": "$topic", "score": 6}, "INVALID_INPUT", ["score"]),
    (FOLLOW_UP, {"topic": "$topic", "comment": "长" * 2001}, "INVALID_INPUT", ["comment"]),
    (FOLLOW_UP, {"topic": f"topic_{NOBODY}"}, "NOT_FOUND", ["topic"]),
]
DEFAULTS: dict[str, dict[str, Any]] = {
    CONVERT_OUTCOME: {"kind": "PROPOSAL", "title": "x"},
    CONVERT_OPINION: {"kind": "PROPOSAL", "title": "x"},
    FOLLOW_UP: {"role": "RESIDENT", "score": 3, "confirmsFix": True, **CALLED},
}


async def test_refusals_have_their_codes_and_change_nothing(agreed: Aftermath, writable_db: Database) -> None:
    before = await rows(writable_db, EVERYTHING)
    for mutation, values, code, path in REFUSALS:
        given = agreed.filled({**DEFAULTS.get(mutation, {}), **values})
        error = await agreed.api.refusal(mutation, input=given)
        assert (error["code"], error["path"]) == (code, path), given
        assert error["message"].endswith(".")
    assert await rows(writable_db, EVERYTHING) == before


async def test_refusals_that_need_a_certain_state(agreed: Aftermath, writable_db: Database) -> None:
    await agreed.do(agreed.department, ACCEPT)
    await agreed.api.act(FILE, input={"conversion": agreed.conversion, "filed": False})
    waiting = (await agreed.api.act(PROPOSE, input=_another(agreed)))["topic"]["id"]
    await agreed.api.act(LIST, input={"topic": waiting})
    calendar = {"platform": agreed.platform, "topics": [waiting], "venue": "x"}
    session = await agreed.api.act(SCHEDULE, input={**calendar, "scheduledAt": "2097-05-02T09:00:00+08:00"})
    before = await rows(writable_db, EVERYTHING)
    ahead = session["session"]["id"]
    for mutation, values, code, path in (
        (COMPLETE, {"commitment": "$commitment", "evidence": []}, "EVIDENCE_MISSING", ["evidence"]),
        (COMPLETE, {"commitment": "$commitment", "evidence": [{"url": "x"}]}, "INVALID_INPUT", ["evidence", "url"]),
        (REPORT, {"commitment": "$commitment", "percent": 101, "note": "x"}, "INVALID_INPUT", ["percent"]),
        (FILE, {"conversion": "$conversion", "filed": True}, "FILING_DECIDED", ["filed"]),
        (ADD, {"session": ahead, "role": "MEMBER", "text": "x"}, "SESSION_NOT_HELD", ["session"]),
        (FOLLOW_UP, {**DEFAULTS[FOLLOW_UP], "topic": waiting}, "NOTHING_TO_FOLLOW_UP", ["topic"]),
        (
            HELD,
            {"session": ahead, "opinions": [{"role": "CADRE", "text": "x", "topic": "$topic"}]},
            "TOPIC_NOT_ON_AGENDA",
            ["opinions", "topic"],
        ),
    ):
        error = await agreed.api.refusal(mutation, input=agreed.filled(values))
        assert (error["code"], error["path"]) == (code, path)
    await agreed.do(agreed.department, COMPLETE, evidence=EVIDENCE)
    error = await agreed.resident.refusal(DISPUTE, input={"commitment": agreed.commitment, "reason": " "})
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["reason"])
    ((*_, sessions, topics),), ((*_, sessions_now, topics_now),) = before, await rows(writable_db, EVERYTHING)
    assert (sessions, topics) == (sessions_now, topics_now)


def _another(story: Story) -> dict[str, str]:
    return {"platform": story.platform, "title": "又一件", "kind": "MICRO", "category": "ROADS"}


async def test_resident_answers_as_one_of_the_public(agreed: Aftermath, writable_db: Database) -> None:
    before = await rows(writable_db, EVERYTHING)
    values = {"topic": agreed.topic, "role": "MEMBER", "score": 5, "confirmsFix": True}
    error = await agreed.resident.refusal(FOLLOW_UP, input=values)
    assert (error["code"], error["path"]) == ("NOT_OF_THE_PUBLIC", ["role"])
    values = {"session": agreed.session, "role": "RESIDENT", "text": "x"}
    error = await agreed.member.refusal(ADD, input=values)
    assert error["code"] == "FORBIDDEN"
    assert await rows(writable_db, EVERYTHING) == before


async def test_two_who_judge_at_once_give_one_verdict(agreed: Aftermath, writable_db: Database) -> None:
    await agreed.do(agreed.department, ACCEPT)
    await agreed.do(agreed.department, COMPLETE, evidence=EVIDENCE)
    verify = agreed.resident.answer(VERIFY, input={"commitment": agreed.commitment})
    dispute = agreed.api.answer(DISPUTE, input={"commitment": agreed.commitment, "reason": "x"})
    answers = await asyncio.gather(verify, dispute)
    refused = [next(iter(answer["data"].values()))["errors"] for answer in answers]
    assert sorted(len(errors) for errors in refused) == [0, 1]
    key = agreed.commitment.removeprefix("commitment_")
    counted = f"SELECT count(*) FROM verdict WHERE commitment_id = '{key}'"
    assert await rows(writable_db, counted) == [(1,)]


async def test_source_of_a_conversion_stands_by_its_type(agreed: Aftermath) -> None:
    values = {"opinion": agreed.opinion, "kind": "PROPOSAL", "title": "关于补植的提案"}
    proposal = (await agreed.api.act(CONVERT_OPINION, input=values))["conversion"]["id"]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversion {
      source { __typename } outcome { id topic { number } } opinion { id topic { number } } } } }"""
    suggested, proposed = (await agreed.api.data(query, ids=[agreed.conversion, proposal]))["nodes"]
    assert suggested["source"] == {"__typename": "Outcome"}
    assert (suggested["outcome"]["id"], suggested["opinion"]) == (agreed.outcome, None)
    assert proposed["source"] == {"__typename": "Opinion"}
    assert (proposed["outcome"], proposed["opinion"]["id"]) == (None, agreed.opinion)
