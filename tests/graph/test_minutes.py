from datetime import UTC, datetime, timedelta
from uuid import UUID

from graph.schema import Schema
from services.core.actor import Role
from services.core.clock import SystemClock, china_day, china_midnight
from services.core.database import Database
from services.core.policy import Policy
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.story import RECORD, Story
from tests.servers import as_owner

QUERY = """query($overdue: Boolean) { sessions(first: 100, filter: {within: "140521", minutesOverdue: $overdue}) {
  totalCount nodes { status heldAt minutes minutesOverdue } } }"""


async def found(api: Api, *, overdue: bool | None) -> tuple[int, set[tuple[str, bool, bool]]]:
    """Return how many sessions there are; states of the first, whether they have minutes, and whether overdue ones."""
    sessions = (await api.data(QUERY, overdue=overdue))["sessions"]
    kinds = {(one["status"], one["minutes"] is not None, one["minutesOverdue"]) for one in sessions["nodes"]}
    return sessions["totalCount"], kinds


async def test_sessions_are_told_apart_by_their_minutes(api: Api) -> None:
    total, _ = await found(api, overdue=None)
    late, kinds = await found(api, overdue=True)
    assert kinds == {("HELD", False, True)}
    good, others = await found(api, overdue=False)
    assert ("HELD", True, False) in others
    assert all(not overdue for _, _, overdue in others)
    assert late + good == total
    assert late > 0


async def test_minutes_are_overdue_after_the_days_of_the_setting(
    schema: Schema, writable_db: Database, issuer: LocalIssuer
) -> None:
    midnight = china_midnight(china_day(SystemClock().now()))
    early, late = midnight - timedelta(days=7), midnight - timedelta(days=7, milliseconds=1)
    async with as_owner(writable_db) as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql("UPDATE session SET minutes = '记录' WHERE held_at IS NOT NULL")
        for held_at in (early, late):
            await connection.exec_driver_sql(
                "UPDATE session SET minutes = NULL, held_at = $1 WHERE id = (SELECT min(id::text)::uuid FROM session "
                "WHERE held_at IS NOT NULL AND minutes IS NOT NULL AND division_number / 1000000 = 140521)",
                (held_at,),
            )

    async def overdue(days: int) -> list[datetime]:
        api = Api(application(schema, writable_db, issuer, policy=Policy(minutes_days=days)), issuer)
        nodes = (await api.data(QUERY, overdue=True))["sessions"]["nodes"]
        return sorted(datetime.fromisoformat(one["heldAt"]).astimezone(UTC) for one in nodes)

    assert await overdue(8) == []
    assert await overdue(7) == [late.astimezone(UTC)]
    assert await overdue(6) == [late.astimezone(UTC), early.astimezone(UTC)]


MINUTES = """mutation ($input: RecordMinutesInput!) { recordMinutes(input: $input) {
  session { minutes minutesOverdue } errors { code path } } }"""


async def test_minutes_are_added_once_to_a_session_that_was_held(story: Story, writable_db: Database) -> None:
    await story.list_()
    await story.schedule()
    values = {"session": story.session, "minutes": " 达成一致 "}
    assert (await story.api.refusal(MINUTES, input=values))["code"] == "SESSION_NOT_HELD"
    await story.api.act(RECORD, input={"session": story.session})
    assert await story.api.refusal(MINUTES, input={**values, "minutes": " "}) == {
        "code": "MINUTES_EMPTY",
        "path": ["minutes"],
    }
    resident = story.api.as_(Role.RESIDENT, "140521")
    assert (await resident.refusal(MINUTES, input=values))["code"] == "FORBIDDEN"
    recorded = await story.api.act(MINUTES, input=values)
    assert recorded["session"] == {"minutes": " 达成一致 ", "minutesOverdue": False}
    assert (await story.api.refusal(MINUTES, input=values))["code"] == "MINUTES_RECORDED"
    async with as_owner(writable_db) as tx:
        acts = await (await tx.connection()).exec_driver_sql(
            "SELECT act FROM trace_entry JOIN trace_chain ON trace_chain.id = chain_id "
            "WHERE topic_id = $1 ORDER BY sequence",
            (UUID(story.topic.removeprefix("topic_")),),
        )
        assert [act for (act,) in acts] == [
            *("topic.proposed", "topic.listed", "topic.scheduled", "session.held", "session.minuted"),
        ]
