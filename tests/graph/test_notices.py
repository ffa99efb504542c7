from typing import Any

import pytest

from services.core.actor import Role
from services.core.database import Database
from tests.graph.api import Api
from tests.graph.story import CANCEL, ERRORS, Story
from tests.servers import as_owner

NOTICE = "notice { id type status sequence attempts replays replayedAt skippedAt skipReason department { code } }"
SEND = f"mutation ($input: SendTestNoticeInput!) {{ sendTestNotice(input: $input) {{ {NOTICE} {ERRORS} }} }}"
RETRY = f"mutation ($input: RetryNoticeInput!) {{ retryNotice(input: $input) {{ {NOTICE} {ERRORS} }} }}"
SKIP = f"mutation ($input: SkipNoticeInput!) {{ skipNotice(input: $input) {{ {NOTICE} {ERRORS} }} }}"
REPLAY = f"""mutation ($input: ReplayNoticesInput!) {{ replayNotices(input: $input) {{
  department {{ code channel {{ pending parked }} }} {ERRORS} }} }}"""
LOG = '{ department(code: "qinshui-court") { notices(first: 10) { nodes { id eventId type status } } } }'

COURT = "qinshui-court"
STATES = """
SELECT event.type, delivery.sequence, delivery.status, delivery.replays, delivery.skipped_by, delivery.skip_reason
FROM delivery JOIN event ON event.id = delivery.event_id
JOIN department ON department.id = delivery.department_id
WHERE department.code = 'qinshui-court' ORDER BY event.id
"""
NOBODY = "notice_00000000-0000-7000-8000-000000000000"


async def rows(db: Database, statement: str) -> list[tuple[Any, ...]]:
    async with as_owner(db) as tx:
        return [tuple(row) for row in await (await tx.connection()).exec_driver_sql(statement)]


async def become(db: Database, status: str, number: int) -> None:
    """Give the notice with a number in its lane a state, as the relay would."""
    confirmed = "now()" if status == "CONFIRMED" else "NULL"
    async with as_owner(db) as tx:
        await (await tx.connection()).exec_driver_sql(
            f"UPDATE delivery SET status = '{status}', confirmed_at = {confirmed} WHERE sequence = {number} "
            "AND department_id = (SELECT id FROM department WHERE code = 'qinshui-court')"
        )


@pytest.fixture
async def told(story: Story) -> Story:
    """The court was told of the topic, of its session and that it is cancelled; nothing has been sent yet."""
    await story.involve(COURT, "LEAD")
    await story.list_()
    await story.schedule()
    await story.api.act(CANCEL, input={"session": story.session, "reason": "另案"})
    return story


async def log(api: Api) -> list[dict[str, str]]:
    """Return the court's notices, the oldest first."""
    nodes: list[dict[str, str]] = (await api.data(LOG))["department"]["notices"]["nodes"]
    return nodes[::-1]


async def test_test_notice_goes_the_way_of_every_event(writing: Api, writable_db: Database) -> None:
    for number in (1, 2):
        sent = (await writing.act(SEND, input={"department": COURT}))["notice"]
        assert sent.pop("id").startswith("notice_")
        assert sent == {
            "type": "system.test", "status": "PENDING", "sequence": number, "attempts": 0, "replays": 0,
            "replayedAt": None, "skippedAt": None, "skipReason": None, "department": {"code": COURT},
        }  # fmt: skip
    ((topic, subject, division, actor),) = await rows(
        writable_db, "SELECT DISTINCT topic_id, subject, division_number, actor FROM event"
    )
    assert (topic, subject, division, actor) == (None, None, 140521000000, "somebody")


async def test_parked_notice_is_sent_once_more(told: Story, writable_db: Database) -> None:
    await become(writable_db, "PARKED", 1)
    first = (await log(told.api))[0]["id"]
    assert (await told.api.act(RETRY, input={"notice": first}))["notice"]["status"] == "PENDING"
    assert [row[2] for row in await rows(writable_db, STATES)] == ["PENDING"] * 3


async def test_skipped_notice_says_who_and_why(told: Story, writable_db: Database) -> None:
    await become(writable_db, "PARKED", 1)
    for notice in (await log(told.api))[:2]:
        skipped = await told.api.act(SKIP, input={"notice": notice["id"], "reason": "内容过大"})
        assert (skipped["notice"]["status"], skipped["notice"]["skipReason"]) == ("SKIPPED", "内容过大")
        assert skipped["notice"]["skippedAt"]
    assert [row[2:] for row in await rows(writable_db, STATES)] == [
        ("SKIPPED", 0, "somebody", "内容过大"),
        ("SKIPPED", 0, "somebody", "内容过大"),
        ("PENDING", 0, None, None),
    ]


async def test_replay_puts_back_what_was_delivered_and_leaves_the_rest(told: Story, writable_db: Database) -> None:
    await become(writable_db, "CONFIRMED", 1)
    await told.api.act(SKIP, input={"notice": (await log(told.api))[1]["id"], "reason": "重复"})
    replayed = await told.api.act(REPLAY, input={"department": COURT})
    assert replayed["department"] == {"code": COURT, "channel": {"pending": 2, "parked": 0}}
    assert [row[1:4] for row in await rows(writable_db, STATES)] == [
        (1, "PENDING", 1),
        (2, "SKIPPED", 0),
        (3, "PENDING", 0),
    ]
    events = [notice["eventId"] for notice in await log(told.api)]
    await told.api.act(REPLAY, input={"department": COURT, "events": [events[1]]})
    await become(writable_db, "CONFIRMED", 1)
    await told.api.act(REPLAY, input={"department": COURT, "events": [events[0]]})
    assert [row[1:] for row in await rows(writable_db, STATES)] == [
        (1, "PENDING", 2, None, None),
        (2, "PENDING", 1, None, None),
        (3, "PENDING", 0, None, None),
    ]
    ((instants,),) = await rows(writable_db, "SELECT count(replayed_at) FROM delivery")
    assert instants == 2


async def test_replay_of_a_time_takes_events_from_its_start_and_before_its_end(
    told: Story, writable_db: Database
) -> None:
    for number in (1, 2, 3):
        await become(writable_db, "CONFIRMED", number)
        await rows_changed(writable_db, number)
    occurred = {"from": "2026-01-02T00:00:00+08:00", "until": "2026-01-03T00:00:00+08:00"}
    await told.api.act(REPLAY, input={"department": COURT, "occurred": occurred})
    assert [row[1:4] for row in await rows(writable_db, STATES)] == [
        (1, "CONFIRMED", 0),
        (2, "PENDING", 1),
        (3, "CONFIRMED", 0),
    ]


async def rows_changed(db: Database, number: int) -> None:
    """Let the event of the court's notice with a number have occurred on that day of January, China's midnight."""
    async with as_owner(db) as tx:
        await (await tx.connection()).exec_driver_sql(
            f"UPDATE event SET occurred_at = '2026-01-0{number}T00:00:00+08:00' FROM delivery "
            f"WHERE delivery.event_id = event.id AND delivery.sequence = {number}"
        )


async def test_notice_of_an_event_elsewhere_is_run_where_its_department_is(told: Story, writable_db: Database) -> None:
    await become(writable_db, "PARKED", 1)
    async with as_owner(writable_db) as tx:
        await (await tx.connection()).exec_driver_sql("UPDATE event SET division_number = 140106000000")
    here, there, elsewhere = (told.api.as_(Role.OPERATOR, within) for within in ("140521", "140106", "140581"))
    parked = (await log(here))[0]
    assert (parked["status"], len(await log(here)), await log(elsewhere)) == ("PARKED", 3, [])
    assert await log(there) == await log(here)
    before = await rows(writable_db, STATES)
    for client, code in ((there, "FORBIDDEN"), (elsewhere, "NOT_FOUND")):
        assert (await client.refusal(RETRY, input={"notice": parked["id"]}))["code"] == code
        assert (await client.refusal(SKIP, input={"notice": parked["id"], "reason": "重复"}))["code"] == code
    assert await rows(writable_db, STATES) == before
    assert (await here.act(RETRY, input={"notice": parked["id"]}))["notice"]["status"] == "PENDING"
    assert (await here.act(SKIP, input={"notice": parked["id"], "reason": "重复"}))["notice"]["status"] == "SKIPPED"


async def test_replay_with_an_idempotency_key_happens_once(told: Story, writable_db: Database) -> None:
    await become(writable_db, "CONFIRMED", 1)
    values = {"department": COURT, "idempotencyKey": "again"}
    assert await told.api.act(REPLAY, input=values) == await told.api.act(REPLAY, input=values)
    assert [row[3] for row in await rows(writable_db, STATES)] == [1, 0, 0]


REFUSALS: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (SEND, {"department": "nobody"}, "NOT_FOUND", ["department"]),
    (SEND, {"department": "xiaodian-court"}, "FORBIDDEN", None),
    (RETRY, {"notice": "$confirmed"}, "ILLEGAL_TRANSITION", None),
    (RETRY, {"notice": "$pending"}, "ILLEGAL_TRANSITION", None),
    (RETRY, {"notice": NOBODY}, "NOT_FOUND", ["notice"]),
    (RETRY, {"notice": "topic_1"}, "INVALID_INPUT", ["notice"]),
    (SKIP, {"notice": "$confirmed", "reason": "x"}, "ILLEGAL_TRANSITION", None),
    (SKIP, {"notice": "$pending", "reason": " "}, "INVALID_INPUT", ["reason"]),
    (SKIP, {"notice": "$pending", "reason": "x" * 501}, "INVALID_INPUT", ["reason"]),
    (SKIP, {"notice": NOBODY, "reason": "x"}, "NOT_FOUND", ["notice"]),
    (REPLAY, {"department": "nobody"}, "NOT_FOUND", ["department"]),
    (REPLAY, {"department": "xiaodian-court"}, "FORBIDDEN", None),
    (REPLAY, {"department": "qinshui-power"}, "NOTHING_TO_REPLAY", None),
    (REPLAY, {"department": COURT, "events": []}, "NOTHING_TO_REPLAY", None),
    (REPLAY, {"department": COURT, "events": ["$event", "$waiting"]}, "ILLEGAL_TRANSITION", None),
    (REPLAY, {"department": COURT, "events": ["$event", NOBODY]}, "INVALID_INPUT", ["events"]),
    (REPLAY, {"department": "qinshui-power", "events": ["$event"]}, "NOT_FOUND", ["events"]),
    (REPLAY, {"department": COURT, "occurred": {"until": "2020-01-01T00:00:00+08:00"}}, "NOTHING_TO_REPLAY", None),
    (
        REPLAY,
        {"department": COURT, "events": ["$event"], "occurred": {"until": "2020-01-01T00:00:00+08:00"}},
        "INVALID_INPUT",
        ["occurred"],
    ),
]


@pytest.mark.parametrize(("mutation", "values", "code", "path"), REFUSALS)
async def test_refusal_has_its_code_and_changes_nothing(
    told: Story, writable_db: Database, mutation: str, values: dict[str, Any], code: str, path: list[str] | None
) -> None:
    await become(writable_db, "CONFIRMED", 1)
    confirmed, pending, _ = await log(told.api)
    known = {
        "$confirmed": confirmed["id"],
        "$pending": pending["id"],
        "$event": confirmed["eventId"],
        "$waiting": pending["eventId"],
    }
    filled = {
        name: [known.get(item, item) for item in value] if isinstance(value, list) else known.get(str(value), value)
        for name, value in values.items()
    }
    before = await rows(writable_db, STATES)
    error = await told.api.refusal(mutation, input=filled)
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"].endswith(".")
    assert await rows(writable_db, STATES) == before


@pytest.mark.parametrize(
    ("role", "within", "code"),
    [
        (None, None, "UNAUTHENTICATED"),
        (Role.CADRE, "140521", "FORBIDDEN"),
        (Role.APPROVER, "140521", "FORBIDDEN"),
        (Role.AUDITOR, "14", "FORBIDDEN"),
        (Role.OPERATOR, "140106", "FORBIDDEN"),
        (Role.OPERATOR, "140521201", "FORBIDDEN"),
        (Role.OPERATOR, "140521", None),
        (Role.SECRETARIAT, "14", None),
    ],
)
async def test_only_those_who_run_the_departments_deliveries_may_touch_them(
    told: Story, writable_db: Database, role: Role | None, within: str | None, code: str | None
) -> None:
    await become(writable_db, "CONFIRMED", 1)
    await become(writable_db, "PARKED", 2)
    _, parked, pending = await log(told.api)
    client = told.api.as_(role, within) if role else Api(told.api.app, told.api._issuer)  # noqa: SLF001
    before = await rows(writable_db, STATES)
    acts = [
        (RETRY, {"notice": parked["id"]}),
        (SKIP, {"notice": pending["id"], "reason": "重复"}),
        (REPLAY, {"department": COURT}),
        (SEND, {"department": COURT}),
    ]
    if code is None:
        for mutation, values in acts:
            await client.act(mutation, input=values)
        assert [row[2] for row in await rows(writable_db, STATES)] == ["PENDING", "PENDING", "SKIPPED", "PENDING"]
        return
    sees = role is Role.AUDITOR or within == "140521201"  # where the topic is that the notices are about
    unseen = code if sees or role is None else "NOT_FOUND"
    wanted = [unseen, unseen, code, code]
    assert [(await client.refusal(mutation, input=values))["code"] for mutation, values in acts] == wanted
    assert await rows(writable_db, STATES) == before


async def test_disabled_channel_is_sent_no_test(writing: Api, writable_db: Database) -> None:
    async with as_owner(writable_db) as tx:
        await (await tx.connection()).exec_driver_sql("UPDATE department_channel SET enabled = false")
    error = await writing.refusal(SEND, input={"department": COURT})
    assert (error["code"], error["path"]) == ("CHANNEL_DISABLED", ["department"])
    assert await rows(writable_db, "SELECT count(*) FROM event") == [(0,)]
