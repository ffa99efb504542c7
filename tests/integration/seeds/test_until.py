"""What is told up to a day is the same whatever is told of later days, and on the last day life goes on."""

from datetime import date, datetime, timedelta

import asyncpg
import pytest

from services.core.clock import CHINA, china_midnight
from services.core.errors import InvalidInput
from services.seeds.load import Connection
from services.seeds.seed import last_day, seed
from tests.servers import UNTIL

EARLIER = date(2023, 11, 30)
END = china_midnight(EARLIER + timedelta(days=1))
LAST = f"'{END - timedelta(microseconds=1)}'::timestamptz"
FIRST_ID_AFTER = f"'{int(END.timestamp() * 1000):012x}00000000000000000000'::uuid"

VERSIONS = ("topic", "platform", "session", "commitment", "matter", "annual_plan", "plan_item", "conversion")
HISTORIES = ("topic", "session", "commitment", "matter", "annual_plan")
BY_INSTANT = ("progress", "evidence", "verdict", "opinion", "follow_up", "trace_entry")
BY_ID = ("attendance", "outcome", "practice_center", "activity", "duty_record", "brand", "committee", "member")
THEN = {
    **{table: f"SELECT t::text FROM {table}_as_of({LAST}) AS t" for table in VERSIONS},
    **{
        f"{table}_history": f"SELECT t::text FROM {table}_history AS t WHERE replaced_at <= {LAST}"
        for table in HISTORIES
    },
    **{table: f"SELECT t::text FROM {table} AS t WHERE at <= {LAST}" for table in BY_INSTANT},
    **{table: f"SELECT t::text FROM {table} AS t WHERE id < {FIRST_ID_AFTER}" for table in BY_ID},
    "session_topic": f"SELECT t::text FROM session_topic AS t WHERE session_id < {FIRST_ID_AFTER}",
    "activity_member": f"SELECT t::text FROM activity_member AS t WHERE activity_id < {FIRST_ID_AFTER}",
    "trace_chain": f"SELECT (id, topic_id, matter_id)::text FROM trace_chain WHERE id < {FIRST_ID_AFTER}",
    "duty_assessment": f"SELECT t::text FROM duty_assessment AS t WHERE assessed_at <= {LAST}",
    "involvement": f"""SELECT (id, topic_id, department_id, role, since, CASE WHEN until <= {LAST} THEN until END)::text
        FROM involvement WHERE since <= {LAST}""",
}


async def test_rows_up_to_a_day_are_the_same_whatever_the_last_day(province: Connection, migrated_url: str) -> None:
    report = await seed(migrated_url, until=EARLIER, progress=lambda _line: None)

    earlier = await asyncpg.connect(migrated_url)
    try:
        for table, question in THEN.items():
            digest = f"SELECT count(*), md5(string_agg(row, E'\\n' ORDER BY row)) FROM ({question}) AS r(row)"
            found = tuple(await earlier.fetchrow(digest) or ())
            assert (table, *found) == (table, *(await province.fetchrow(digest) or ()))
            assert found[0] == report.rows[table]
    finally:
        await earlier.close()


async def test_most_of_what_is_open_is_due_later(province: Connection) -> None:
    question = """SELECT count(*) FILTER (WHERE due_on > $1), count(*) FILTER (WHERE due_on <= $1) FROM commitment
        WHERE status NOT IN ('DONE', 'VERIFIED', 'DECLINED')"""
    ahead, overdue = await province.fetchrow(question, UNTIL) or (0, 0)

    assert ahead > 800
    assert 0 < overdue < ahead / 5


async def test_sessions_are_to_come_in_the_next_weeks(province: Connection) -> None:
    question = """SELECT count(*) FILTER (WHERE scheduled_at < $1), count(*) FILTER (WHERE scheduled_at < $2), count(*)
        FROM session WHERE status = 'SCHEDULED'"""
    today = china_midnight(UNTIL + timedelta(days=1))
    past, soon, standing = await province.fetchrow(question, today, today + timedelta(weeks=4)) or (0, 0, 0)

    assert (past, soon > 200, standing < soon * 1.2) == (0, True, True)


async def test_topics_come_up_and_are_settled_month_by_month(province: Connection) -> None:
    question = """SELECT count(*) FILTER (WHERE proposed_at >= $1), count(*) FILTER (WHERE resolved_at >= $1) FROM topic
        WHERE division_number / 1000000 = 140106"""
    proposed, resolved = await province.fetchrow(question, datetime(2024, 6, 1, tzinfo=CHINA)) or (0, 0)

    assert proposed > 3
    assert resolved > 3


async def test_day_before_the_first_platform_is_refused(migrated_url: str) -> None:
    with pytest.raises(InvalidInput, match="2021-03-01"):
        await seed(migrated_url, until=date(2021, 2, 28), progress=lambda _line: None)


def test_last_day_is_the_one_that_has_passed_in_beijing() -> None:
    assert last_day(datetime(2026, 11, 28, 0, 30, tzinfo=CHINA)) == date(2026, 11, 27)
