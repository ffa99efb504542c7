"""The claim reads no more than it takes, whatever the planner believes."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from services.notices.claim import HEADS
from tests.world import World

LIMIT = 5

MORE_EVENTS = """
INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, data)
SELECT gen_random_uuid(), type, topic_id, division_number, subject, occurred_at, data
FROM event CROSS JOIN generate_series(1, 20000)
"""
DELIVERED = """
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, status, attempts, replays, confirmed_at)
SELECT gen_random_uuid(), event.id, first.department_id, first.lane_id, 1 + row_number() OVER (),
       'CONFIRMED', 1, 0, now()
FROM event CROSS JOIN (SELECT * FROM delivery) AS first WHERE event.id <> first.event_id
"""
PUT_BACK = "UPDATE delivery SET status = 'PENDING', confirmed_at = NULL WHERE sequence > 15000"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every node of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


async def test_claim_reads_a_backlog_not_whole_though_statistics_know_of_none(world: World) -> None:
    await world.announce("qinshui-court")
    for statement in (MORE_EVENTS, DELIVERED, "UPDATE delivery SET status = 'CONFIRMED', confirmed_at = now()"):
        await world.run(statement)
    connection = await asyncpg.connect(world.url)
    await connection.execute("VACUUM (ANALYZE) event, delivery, lane, department, department_channel")
    await world.run(PUT_BACK)
    claim = HEADS.text.replace(":after_lane", "0").replace(":limit", str(LIMIT)).replace(":now", "now()")
    (plan,) = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {claim}"))
    await connection.close()
    reads = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") == "delivery"]
    assert len(reads) == 3
    assert 0 < sum(node["Actual Rows"] * node["Actual Loops"] for node in reads) <= 3 * LIMIT
