"""The feed: what was committed, in one order that a reader can resume without a gap.

Ids are made before the commit, so neither they nor the numbers of transactions are in commit order: whoever reads on
from the greatest one seen misses what commits late. So positions are assigned after the commit, by one transaction at
a time. An event keeps its position for ever; a notice has the position of its last change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import orjson
from sqlalchemy import text

from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.readers import ReadTx
from services.core.rights import SERVICE
from services.core.scope import Scope
from services.core.transaction import WriteTx
from services.notices.announce import WAKE_CHANNEL

LOCK = 0x66656564  # "feed": one transaction at a time assigns positions
PAGE = 500
"""How many positions are assigned, or changes read, at once."""

WAITING = text("""
SELECT EXISTS (SELECT FROM event WHERE position IS NULL)
    OR EXISTS (SELECT FROM delivery WHERE position IS NULL) AS waiting
""")
ALONE = text("SELECT pg_advisory_xact_lock(:key)")

PLACE_EVENTS = text("""
WITH positioned AS MATERIALIZED (
    SELECT id, nextval('feed_position') AS position
    FROM (SELECT id FROM event WHERE position IS NULL ORDER BY arrival LIMIT :limit) AS waiting
)
UPDATE event SET position = positioned.position FROM positioned WHERE event.id = positioned.id RETURNING event.id
""")

PLACE_NOTICES = text("""
WITH waiting AS MATERIALIZED (
    SELECT delivery.id FROM delivery JOIN event ON event.id = delivery.event_id
    WHERE delivery.position IS NULL AND event.position IS NOT NULL
    ORDER BY delivery.id LIMIT :limit FOR NO KEY UPDATE OF delivery SKIP LOCKED
), positioned AS MATERIALIZED (SELECT id, nextval('feed_position') AS position FROM waiting)
UPDATE delivery SET position = positioned.position FROM positioned WHERE delivery.id = positioned.id
RETURNING delivery.status
""")
"""A notice comes after its event. One that is locked is changing: its position is assigned after that."""

CHANGES = """
SELECT coalesce(json_agg(json_build_array(position, key, event_id, division_number, department) ORDER BY position),
                '[]')::text
FROM ({source} ORDER BY position LIMIT $1::bigint) AS page
"""

EVENTS = """
SELECT position, id AS key, id AS event_id, division_number, NULL AS department FROM event
WHERE position > $2::bigint AND topic_id IS NOT NULL"""

NOTICES = """
SELECT delivery.position, delivery.id AS key, event_id, NULL::bigint AS division_number, department.code AS department
FROM delivery JOIN department ON department.id = delivery.department_id WHERE delivery.position > $2::bigint"""

NOTICES_OF = """
SELECT coalesce(json_agg(delivery.id), '[]')::text
FROM delivery JOIN department ON department.id = delivery.department_id
WHERE event_id = $1::uuid AND department.code = $2::text
"""

ALL = (
    f"SELECT * FROM (({EVENTS} ORDER BY position LIMIT $1::bigint) "  # noqa: S608 -- constants
    f"UNION ALL ({NOTICES} ORDER BY delivery.position LIMIT $1::bigint)) AS either"
)

HEAD = """
SELECT greatest((SELECT max(position) FROM event), (SELECT max(position) FROM delivery), 0)::text
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One position of the feed: an event about a topic, or a notice that is new or changed."""

    position: int
    key: UUID
    """Of the event or, where `department` is given, of the notice."""
    event_id: UUID
    division_number: int | None
    department: str | None


class Interest(Protocol):
    """What a reader of the feed wants to hear of."""

    @property
    def source(self) -> str:
        """The rows as a statement after the position $2, further parameters from $3."""
        ...

    @property
    def arguments(self) -> Sequence[object]:
        """The parameters from $3."""
        ...

    def hears(self, change: Change) -> bool:
        """Tell whether a change is one of these rows."""
        ...


@dataclass(frozen=True, slots=True)
class TopicsWithin:
    """Every event about topics in a subtree."""

    scope: Scope

    source = f"{EVENTS} AND division_number >= $3::bigint AND division_number < $4::bigint"

    @property
    def arguments(self) -> Sequence[object]:
        """The ends of the subtree."""
        return (self.scope.lower, self.scope.upper)

    def hears(self, change: Change) -> bool:
        """Tell whether it is an event in the subtree."""
        return change.division_number is not None and change.division_number in self.scope

    async def keys_of(self, _tx: ReadTx, event_id: UUID) -> Sequence[UUID]:
        """Return the key of an event's change, which is its own id."""
        return (event_id,)


@dataclass(frozen=True, slots=True)
class NoticesTo:
    """Every change of a notice to one department."""

    department: str

    source = f"{NOTICES} AND department.code = $3::text"

    @property
    def arguments(self) -> Sequence[object]:
        """The department's code."""
        return (self.department,)

    def hears(self, change: Change) -> bool:
        """Tell whether it is a notice to the department."""
        return change.department == self.department

    async def keys_of(self, tx: ReadTx, event_id: UUID) -> Sequence[UUID]:
        """Return the keys of an event's changes, which are the ids of its notices to the department."""
        found = orjson.loads(await tx.read_json(NOTICES_OF, (event_id, self.department), SERVICE))
        return [UUID(key) for key in found]


@dataclass(frozen=True, slots=True)
class Everything:
    """All of the feed."""

    source = ALL
    arguments: Sequence[object] = ()

    def hears(self, _change: Change) -> bool:
        """Tell that it is."""
        return True


async def assign_positions(tx: WriteTx) -> bool:
    """Assign positions in the feed to what was committed without one; tell whether more may be waiting.

    Events get theirs in the order of arrival, a number that is taken while their topic is locked: for each topic
    that is commit order, and nothing that was committed after another had been seen comes before it.
    """
    (found,) = await tx.run(WAITING)
    if not found.waiting:
        return False
    await tx.defer(ALONE, {"key": LOCK})
    page = {"limit": PAGE}
    events, notices = await tx.gather(tx.run(PLACE_EVENTS, page), tx.run(PLACE_NOTICES, page))
    if any(one.status == "PENDING" for one in notices):
        # A relay that came by meanwhile passed over the rows that were locked here.
        await tx.notify(WAKE_CHANNEL)
    return PAGE in {len(events), len(notices)}


async def changes(tx: ReadTx, interest: Interest, after: int) -> list[Change]:
    """Return the next page of changes after a position, at most PAGE; a shorter one is the last for now."""
    sql = CHANGES.format(source=interest.source)
    rows = orjson.loads(await tx.read_json(sql, (PAGE, after, *interest.arguments), SERVICE))
    return [
        Change(position, UUID(key), UUID(event_id), division_number, department)
        for position, key, event_id, division_number, department in rows
    ]


async def head(tx: ReadTx) -> int:
    """Return the greatest position assigned so far."""
    return int(await tx.read_json(HEAD, (), SERVICE))


async def position_of(tx: ReadTx, event_id: UUID) -> int:
    """Return an event's position. Raises NotFound where no event with one has the id."""
    sql = "SELECT coalesce((SELECT position FROM event WHERE id = $1::uuid), 0)::text"
    position = int(await tx.read_json(sql, (event_id,), SERVICE))
    if not position:
        raise no_such_event(event_id)
    return position


def no_such_event(event_id: UUID) -> NotFound:
    """Return the refusal of an `after` that no event has, or none that the subscriber may see."""
    return NotFound("event", node_id("event", event_id), path=("after",))
