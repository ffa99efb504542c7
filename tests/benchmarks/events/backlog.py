"""A backlog of notices: committed as rows for the relay, and as the same messages for raw publishing."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import orjson

from services.core.clock import SystemClock
from services.core.ids import new_id
from services.notices.announce import WAKE_CHANNEL
from services.notices.claim import ClaimedDelivery
from services.topics.events import TopicListed
from services.topics.records import about
from tests.benchmarks.events.place import Lane, Place
from tests.world import ACTOR, NOW

POLL_S = 0.1
EVENT = ("id", "type", "topic_id", "division_number", "subject", "occurred_at", "actor", "data")
DELIVERY = ("id", "event_id", "department_id", "lane_id", "sequence", "role", "status", "attempts", "replays")

COUNTED = (
    "UPDATE lane SET last_sequence = last.number FROM unnest($1::bigint[], $2::int[]) AS last (id, number)"
    " WHERE lane.id = last.id"
)
WAITING = "SELECT EXISTS (SELECT FROM delivery WHERE status IN ('PENDING', 'PARKED'))"
CONFIRMED = "SELECT count(*) FILTER (WHERE attempts = 1), max(confirmed_at) FROM delivery WHERE id = ANY($1)"


class NotDelivered(Exception):
    """A backlog that was not delivered whole."""


def notices(lanes: Sequence[Lane], count: int) -> list[ClaimedDelivery]:
    """Return the next notices of the lanes, `count` together, one of each lane after the other."""
    made, now = [], SystemClock().now()
    for number in range(count):
        lane = lanes[number % len(lanes)]
        lane.last += 1
        event = about(TopicListed, lane.topic, listed_at=NOW)
        made.append(
            ClaimedDelivery(
                id=new_id(),
                lane_id=lane.id,
                sequence=lane.last,
                role="SUPPORT",
                attempts=0,
                replays=0,
                department_id=lane.department.id,
                department_code=lane.department.code,
                event_id=new_id(),
                type=event.type,
                topic_id=event.topic_id,
                division_number=event.division_number,
                subject=event.number,
                occurred_at=now,
                data=event.data(),
                traceparent=None,
                causation_id=None,
            )
        )
    return made


async def commit(place: Place, lanes: Sequence[Lane], backlog: Sequence[ClaimedDelivery]) -> datetime:
    """Commit the notices as if they had been announced; return when."""
    events = [
        (one.event_id, one.type, one.topic_id, one.division_number, one.subject, one.occurred_at, ACTOR.subject,
         orjson.dumps(one.data).decode())
        for one in backlog
    ]  # fmt: skip
    deliveries = [
        (one.id, one.event_id, one.department_id, one.lane_id, one.sequence, one.role, "PENDING", 0, 0)
        for one in backlog
    ]
    async with place.rows.transaction():
        await place.rows.copy_records_to_table("event", records=events, columns=EVENT)
        await place.rows.copy_records_to_table("delivery", records=deliveries, columns=DELIVERY)
        await place.rows.execute(COUNTED, [lane.id for lane in lanes], [lane.last for lane in lanes])
        await place.rows.execute("SELECT pg_notify($1, '')", WAKE_CHANNEL)
    return SystemClock().now()


async def tidy(place: Place) -> None:
    """Leave the tables as the database's own upkeep does."""
    await place.rows.execute("VACUUM (ANALYZE) event, delivery, lane, department, department_channel, topic")


async def drained(place: Place, backlog: Sequence[ClaimedDelivery]) -> datetime:
    """Return when the last notice was confirmed. Raises NotDelivered unless each was, at the first attempt."""
    while await place.rows.fetchval(WAITING):  # noqa: ASYNC110 -- the condition is in a database
        await asyncio.sleep(POLL_S)
    row = await place.rows.fetchrow(CONFIRMED, [one.id for one in backlog])
    assert row is not None
    count, last = row
    if count != len(backlog):
        raise NotDelivered(f"{count} of {len(backlog)} notices were confirmed at the first attempt")
    assert isinstance(last, datetime)
    return last
