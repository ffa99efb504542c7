"""Records are put right: what they were stays in the trace and the versions, and what follows from them follows."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.core.actor import Role
from services.core.clock import SystemClock, china_day
from services.core.database import Database
from tests.graph.aftermath import EVERYTHING, Aftermath
from tests.graph.api import document
from tests.graph.test_mutations import rows

TOPIC, SESSION, OUTCOME, COMMITMENT, CONVERSION = (
    document(verb, f"{thing} {{ id }}")
    for verb, thing in (
        ("correctTopic", "topic"),
        ("correctSession", "session"),
        ("correctOutcome", "outcome"),
        ("correctCommitment", "commitment"),
        ("correctConversion", "conversion"),
    )
)
TRACED = """SELECT act, summary FROM trace_entry WHERE act LIKE '%.corrected' ORDER BY at"""
TOLD = """SELECT department.code, event.type, event.data FROM delivery JOIN event ON event.id = delivery.event_id
JOIN department ON department.id = delivery.department_id ORDER BY event.id DESC, department.code"""
THEN = """query ($id: ID!, $at: DateTime) { topic(by: {id: $id}, asOf: $at) {
  title summary sessions { nodes { heldAt venue headcount minutes opinions { at } } }
  outcomes { agreement reachedOn commitments { task dueOn } conversions { title submittedOn } } } }"""
SEARCH = 'query ($text: String!) { search(text: $text, within: "140521201") { nodes { __typename } } }'
FIGURES = '{ division(code: "140521") { statistics { attendances sessionsHeld } } }'
KEPT = """SELECT starts_on, sessions_held, attendances, outcomes FROM tally
WHERE division_number = 140521000000 AND unit = 'DAY' AND (sessions_held, attendances, outcomes) <> (0, 0, 0)
ORDER BY 1"""
COUNTED = """SELECT day, sum(held), sum(came), sum(agreed) FROM (
    SELECT (held_at AT TIME ZONE 'Asia/Shanghai')::date, 1, coalesce(headcount, 0), 0 FROM session
    WHERE held_at IS NOT NULL AND division_number / 1000000 = 140521
    UNION ALL SELECT reached_on, 0, 0, 1 FROM outcome WHERE division_number / 1000000 = 140521
) AS one (day, held, came, agreed) GROUP BY day ORDER BY day"""
KEPT_DUE = """SELECT due_on, sum(commitments) FROM due_tally
WHERE division_number = 140521000000 AND unit = 'YEAR' AND commitments <> 0 GROUP BY 1 ORDER BY 1"""
COUNTED_DUE = """SELECT due_on, count(*) FROM commitment WHERE division_number / 1000000 = 140521 AND due_on IS NOT NULL
AND status IN ('ASSIGNED', 'ACCEPTED', 'IN_PROGRESS', 'DISPUTED') GROUP BY 1 ORDER BY 1"""
TODAY = china_day(SystemClock().now())


async def counted_again(db: Database) -> None:
    """Hold that the tallies of the county are what its rows add up to."""
    for kept, counted in ((KEPT, COUNTED), (KEPT_DUE, COUNTED_DUE)):
        assert await rows(db, kept) == await rows(db, counted)


async def found(agreed: Aftermath, text: str) -> list[str]:
    return [one["__typename"] for one in (await agreed.api.data(SEARCH, text=text))["search"]["nodes"]]


async def then(agreed: Aftermath, at: datetime | None = None) -> Any:
    return (await agreed.api.data(THEN, id=agreed.topic, at=at.isoformat() if at else None))["topic"]


async def test_session_is_put_right_and_all_that_follows_from_it(agreed: Aftermath, writable_db: Database) -> None:
    before = await agreed.api.data(FIGURES)
    was, at = await then(agreed), SystemClock().now()
    await asyncio.sleep(0.01)
    held_at = (await rows(writable_db, f"SELECT proposed_at FROM topic WHERE id = '{agreed.topic[6:]}'"))[0][0]
    values = {"session": agreed.session, "reason": "签到表漏计", "headcount": 21, "minutes": "各方达成一致"}
    await agreed.api.act(SESSION, input={**values, "heldAt": held_at.isoformat(), "headcountIsLowerBound": True})
    after = await agreed.api.data(FIGURES)
    figures = before["division"]["statistics"], after["division"]["statistics"]
    assert figures[1]["attendances"] == figures[0]["attendances"] + 20
    assert figures[1]["sessionsHeld"] == figures[0]["sessionsHeld"]
    now = (await then(agreed))["sessions"]["nodes"][0]
    assert (now["headcount"], now["minutes"]) == (21, "各方达成一致")
    assert datetime.fromisoformat(now["heldAt"]) == held_at
    assert [datetime.fromisoformat(one["at"]) for one in now["opinions"]] == [held_at]
    past = (await then(agreed, at))["sessions"]["nodes"][0]
    assert {**past, "opinions": []} == {**was["sessions"]["nodes"][0], "opinions": []}
    ((act, summary),) = await rows(writable_db, TRACED)
    assert act == "session.corrected"
    assert "参会人数 1→21;" in summary
    assert "会议记录 无→各方达成一致" in summary
    assert summary.endswith("(原因:签到表漏计)")
    code, event, data = (await rows(writable_db, TOLD))[0]
    assert (code, event, data["headcount"], data["reason"]) == (
        "qinshui-forestry",
        "session.corrected",
        21,
        "签到表漏计",
    )
    await counted_again(writable_db)


async def test_minutes_alone_are_put_right_without_a_notice(agreed: Aftermath, writable_db: Database) -> None:
    told = len(await rows(writable_db, TOLD))
    for minutes in ("先勘界", "先勘界,再补植"):
        await agreed.api.act(SESSION, input={"session": agreed.session, "reason": "补正", "minutes": minutes})
    assert [summary for _, summary in await rows(writable_db, TRACED)] == [
        "更正议事会记录:会议记录 无→先勘界(原因:补正)",
        "更正议事会记录:会议记录 先勘界→先勘界,再补植(原因:补正)",
    ]
    assert len(await rows(writable_db, TOLD)) == told


async def test_topic_is_found_by_its_new_title_and_its_departments_hear_of_it(
    agreed: Aftermath, writable_db: Database
) -> None:
    assert await found(agreed, "鹦鹉") == []
    was, at = await then(agreed), SystemClock().now()
    values = {"topic": agreed.topic, "reason": "误字", "title": "鹦鹉承包", "category": "ROADS", "expectedVersion": 6}
    error = await agreed.api.refusal(TOPIC, input={**values, "expectedVersion": 1})
    assert (error["code"], error["path"]) == ("VERSION_CONFLICT", ["expectedVersion"])
    version = (await rows(writable_db, f"SELECT version FROM topic WHERE id = '{agreed.topic[6:]}'"))[0][0]
    await agreed.api.act(TOPIC, input={**values, "expectedVersion": version})
    assert await found(agreed, "鹦鹉") == ["Topic"]
    assert (await then(agreed))["title"] == "鹦鹉承包"
    assert (await then(agreed, at))["title"] == was["title"] == "林地承包"
    assert await rows(writable_db, TRACED) == [
        ("topic.corrected", "更正议题:标题 林地承包→鹦鹉承包;类别 RURAL_REVITALIZATION→ROADS(原因:误字)")
    ]
    code, event, data = (await rows(writable_db, TOLD))[0]
    assert (code, event, data["topic"]["title"]) == ("qinshui-forestry", "topic.corrected", "鹦鹉承包")


async def test_outcome_and_commitment_are_put_right_and_told(agreed: Aftermath, writable_db: Database) -> None:
    was, at = await then(agreed), SystemClock().now()
    await agreed.api.act(OUTCOME, input={"outcome": agreed.outcome, "reason": "漏记", "agreement": "补植鹦鹉松"})
    code, event, data = (await rows(writable_db, TOLD))[0]
    assert (code, event, data["agreement"]) == ("qinshui-forestry", "outcome.corrected", "补植鹦鹉松")
    assert await found(agreed, "鹦鹉松") == ["Outcome"]
    due = (TODAY + timedelta(days=30)).isoformat()
    await agreed.api.act(COMMITMENT, input={"commitment": agreed.commitment, "reason": "雨季顺延", "dueOn": due})
    code, event, data = (await rows(writable_db, TOLD))[0]
    assert (code, event, data["due_on"], data["task"]) == ("qinshui-forestry", "commitment.corrected", due, "补植林木")
    now = (await then(agreed))["outcomes"][0]
    assert (now["agreement"], now["commitments"]) == ("补植鹦鹉松", [{"task": "补植林木", "dueOn": due}])
    assert (await then(agreed, at))["outcomes"] == was["outcomes"]
    assert [summary for _, summary in await rows(writable_db, TRACED)] == [
        "更正协商成果:共识 补植→补植鹦鹉松(原因:漏记)",
        f"更正落实事项(沁水县林业局):办结期限 2199-01-31→{due}(原因:雨季顺延)",
    ]
    await counted_again(writable_db)


async def test_conversion_is_put_right(agreed: Aftermath, writable_db: Database) -> None:
    at = SystemClock().now()
    values = {"conversion": agreed.conversion, "reason": "误字", "title": "关于补植油松的建议"}
    await agreed.api.act(CONVERSION, input=values)
    assert (await then(agreed))["outcomes"][0]["conversions"][0]["title"] == "关于补植油松的建议"
    assert (await then(agreed, at))["outcomes"][0]["conversions"][0]["title"] == "关于补植的建议"
    assert await rows(writable_db, TRACED) == [
        ("conversion.corrected", "更正成果转化:标题 关于补植的建议→关于补植油松的建议(原因:误字)")
    ]


async def test_long_texts_are_cut_in_the_trace_and_whole_in_the_versions(
    agreed: Aftermath, writable_db: Database
) -> None:
    values = {"outcome": agreed.outcome, "reason": "因" * 2000}
    await agreed.api.act(OUTCOME, input={**values, "agreement": "先勘界," * 2_500})
    await agreed.api.act(OUTCOME, input={**values, "agreement": "再补植," * 2_500})
    summary = (await rows(writable_db, TRACED))[-1][1]
    assert len(summary) <= 500
    assert summary.startswith("更正协商成果:共识 先勘界,先勘界,")
    assert "…→再补植,再补植," in summary
    kept = await rows(writable_db, "SELECT agreement FROM outcome_history ORDER BY recorded_at DESC LIMIT 1")
    assert kept == [("先勘界," * 2_500,)]


LONG_AGO, AHEAD = "2020-01-01", "2099-01-01"
REFUSALS: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (SESSION, {"session": "$session", "headcount": 0}, "HEADCOUNT_TOO_SMALL", ["headcount"]),
    (SESSION, {"session": "$session", "headcount": 1}, "NOTHING_CORRECTED", ["headcount"]),
    (SESSION, {"session": "$session"}, "NOTHING_CORRECTED", ["heldAt"]),
    (SESSION, {"session": "$session", "headcount": 5, "reason": " "}, "INVALID_INPUT", ["reason"]),
    (SESSION, {"session": "$session", "minutes": " "}, "INVALID_INPUT", ["minutes"]),
    (SESSION, {"session": "$session", "venue": ""}, "INVALID_INPUT", ["venue"]),
    (SESSION, {"session": "$session", "heldAt": f"{AHEAD}T09:00:00+08:00"}, "NOT_YET_HAPPENED", ["heldAt"]),
    (SESSION, {"session": "$session", "heldAt": f"{LONG_AGO}T09:00:00+08:00"}, "TOO_EARLY", ["heldAt"]),
    (TOPIC, {"topic": "$topic", "title": "林地承包"}, "NOTHING_CORRECTED", ["title"]),
    (TOPIC, {"topic": "$topic", "title": " "}, "INVALID_INPUT", ["title"]),
    (OUTCOME, {"outcome": "$outcome", "reachedOn": AHEAD}, "NOT_YET_HAPPENED", ["reachedOn"]),
    (OUTCOME, {"outcome": "$outcome", "reachedOn": LONG_AGO}, "TOO_EARLY", ["reachedOn"]),
    (OUTCOME, {"outcome": "$outcome", "agreement": ""}, "INVALID_INPUT", ["agreement"]),
    (COMMITMENT, {"commitment": "$commitment", "dueOn": LONG_AGO}, "TOO_EARLY", ["dueOn"]),
    (COMMITMENT, {"commitment": "$commitment", "task": " "}, "INVALID_INPUT", ["task"]),
    (CONVERSION, {"conversion": "$conversion", "submittedOn": AHEAD}, "NOT_YET_HAPPENED", ["submittedOn"]),
    (CONVERSION, {"conversion": "$conversion", "submittedOn": LONG_AGO}, "TOO_EARLY", ["submittedOn"]),
    (CONVERSION, {"conversion": "$conversion", "title": ""}, "INVALID_INPUT", ["title"]),
]


async def test_correction_that_makes_no_sense_is_refused_and_changes_nothing(
    agreed: Aftermath, writable_db: Database
) -> None:
    before = await rows(writable_db, EVERYTHING)
    for mutation, values, code, path in REFUSALS:
        error = await agreed.api.refusal(mutation, input={"reason": "误记", **agreed.filled(values)})
        assert (error["code"], error["path"]) == (code, path), values
        assert error["message"].endswith(".")
        assert await rows(writable_db, EVERYTHING) == before


async def test_session_is_not_moved_past_what_followed_from_it(agreed: Aftermath, writable_db: Database) -> None:
    day = "UPDATE {} SET {} = {} - interval '10 days' WHERE id = '{}' RETURNING id"
    for table, column, key in (
        ("topic", "proposed_at", agreed.topic),
        ("session", "held_at", agreed.session),
        ("outcome", "reached_on", agreed.outcome),
    ):
        await rows(writable_db, day.format(table, column, column, key.partition("_")[2]))
    values = {"session": agreed.session, "reason": "误记", "heldAt": datetime.now(UTC).isoformat()}
    error = await agreed.api.refusal(SESSION, input=values)
    assert (error["code"], error["path"]) == ("TOO_LATE", ["heldAt"])
    given = {"outcome": agreed.outcome, "reason": "误记", "reachedOn": (TODAY - timedelta(days=1)).isoformat()}
    await agreed.api.act(OUTCOME, input=given)
    await rows(writable_db, day.format("commitment", "assigned_at", "assigned_at", agreed.commitment[11:]))
    error = await agreed.api.refusal(OUTCOME, input={**given, "reachedOn": TODAY.isoformat()})
    assert (error["code"], error["path"]) == ("TOO_LATE", ["reachedOn"])


async def test_session_that_was_not_held_has_no_record_to_put_right(aftermath: Aftermath) -> None:
    error = await aftermath.api.refusal(SESSION, input={"session": aftermath.session, "reason": "误记", "headcount": 5})
    assert (error["code"], error["path"]) == ("SESSION_NOT_HELD", ["session"])


@pytest.mark.parametrize(
    ("role", "within", "code"),
    [
        (None, None, "UNAUTHENTICATED"),
        (Role.RESIDENT, "140521", "FORBIDDEN"),
        (Role.MEMBER, "140521", "FORBIDDEN"),
        (Role.APPROVER, "140521", "FORBIDDEN"),
        (Role.AUDITOR, "14", "FORBIDDEN"),
        (Role.SECRETARIAT, "140106", "FORBIDDEN"),
        (Role.CADRE, "140521201", None),
    ],
)
async def test_only_staff_of_the_place_puts_records_right(
    agreed: Aftermath, writable_db: Database, role: Role | None, within: str | None, code: str | None
) -> None:
    client = agreed.api.as_(role, within) if role else agreed.api.anonymous()
    acts: list[tuple[str, dict[str, Any]]] = [
        (TOPIC, {"topic": agreed.topic, "title": "改"}),
        (SESSION, {"session": agreed.session, "headcount": 5}),
        (OUTCOME, {"outcome": agreed.outcome, "agreement": "改"}),
        (COMMITMENT, {"commitment": agreed.commitment, "task": "改"}),
        (CONVERSION, {"conversion": agreed.conversion, "title": "改"}),
    ]
    for mutation, values in acts:
        before = await rows(writable_db, EVERYTHING)
        given = {**values, "reason": "误记", "idempotencyKey": mutation[:60]}
        if code is None:
            first = await client.act(mutation, input=given)
            after = await rows(writable_db, EVERYTHING)
            assert await client.act(mutation, input=given) == first
            assert await rows(writable_db, EVERYTHING) == after != before
        else:
            assert (await client.refusal(mutation, input=given))["code"] == code
            assert await rows(writable_db, EVERYTHING) == before
