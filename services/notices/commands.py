from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from services.core.act import Act
from services.core.actor import RUNS_DELIVERIES
from services.core.errors import InvalidInput, NotFound
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.core.lookup import among, row_by_id
from services.core.transaction import WriteTx
from services.core.words import Words
from services.departments.models import Department, DepartmentChannel
from services.departments.records import department_by_code
from services.notices.announce import FEED_CHANNEL, WAKE_CHANNEL, Addressee, announce
from services.notices.enums import NoticeStatus
from services.notices.errors import ChannelDisabled, NothingToReplay, ReplayTooLarge
from services.notices.events import SystemTest
from services.notices.models import Delivery, Event
from services.notices.rules import LIFECYCLE

MOST_REPLAYED = 10_000
LOCK_TIMEOUT = "5s"
"""A relay holds a notice while it waits for the broker's word; whoever waits longer is told to try again."""

REPLAY = text("""
UPDATE delivery SET status = 'PENDING', confirmed_at = NULL, replays = replays + 1, replayed_at = :now,
       skipped_at = NULL, skipped_by = NULL, skip_reason = NULL
WHERE id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whose notices are sent again, and how many."""

    department_id: UUID
    count: int


async def send_test_notice(act: Act, *, department: str) -> UUID:
    """A `system.test` event is on its way to the department like any other.

    Returns the notice's id. Raises NotFound, Forbidden, ChannelDisabled.
    """
    addressee = await _operated(act, department)
    channel = await act.tx.get_one(DepartmentChannel, addressee.id)
    if not channel.enabled:
        raise ChannelDisabled(department)
    event = SystemTest(division_number=addressee.division_number)
    event_id = await announce(act, event, [Addressee(addressee.id)])
    return (await act.tx.execute(select(col(Delivery.id)).where(col(Delivery.event_id) == event_id))).scalar_one()


async def retry_notice(act: Act, *, notice_id: UUID) -> UUID:
    """A parked notice waits to be sent again, and its lane with it.

    Raises NotFound, Forbidden, IllegalTransition, Unavailable while a relay holds it.
    """
    notice = await _locked(act, notice_id)
    notice.status = advance(LIFECYCLE, "notice", notice.status, "retry")
    await _tell_of_change(act.tx)
    return notice.id


async def skip_notice(act: Act, *, notice_id: UUID, reason: str) -> UUID:
    """A notice that waits will not be sent; its lane goes on without it. Who skipped it and why stands with it.

    Raises NotFound, Forbidden, IllegalTransition, ConstraintViolated for the reason, Unavailable while a relay
    holds it.
    """
    notice = await _locked(act, notice_id)
    notice.status = advance(LIFECYCLE, "notice", notice.status, "skip")
    notice.skipped_at = act.now()
    notice.skipped_by = act.actor.subject
    notice.skip_reason = reason
    await _tell_of_change(act.tx)
    return notice.id


async def replay_notices(
    act: Act,
    *,
    department: str,
    events: Sequence[UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Replayed:
    """Notices that were delivered wait to be sent again, with the same ids and numbers, before what waits already.

    With `events` those, skipped ones too; else all delivered ones of events that occurred from `since` on and
    before `until`. Raises NotFound for the department or an event that it was not told, Forbidden,
    IllegalTransition for an event that waits, InvalidInput for events and a time, NothingToReplay, ReplayTooLarge.
    """
    if events is not None and (since is not None or until is not None):
        raise InvalidInput(Words("Name events or a time, not both.", "事件与时段只填其一。"), path=("occurred",))
    addressee = await _operated(act, department)
    await _limit_wait(act.tx)
    if events is not None:
        ids = await _of_events(act.tx, addressee, events)
    else:
        ids = await _of_times(act.tx, addressee, since, until)
    if not ids:
        raise NothingToReplay(department)
    await act.tx.execute(REPLAY, {"ids": ids, "now": act.now()})
    await _tell_of_change(act.tx)
    return Replayed(addressee.id, len(ids))


async def _operated(act: Act, department: str) -> Department:
    """Return the department for somebody who runs its deliveries. Raises NotFound, Forbidden."""
    found = await department_by_code(act.tx, department)
    act.actor.require(found.division_number, *RUNS_DELIVERIES)
    return found


async def _tell_of_change(tx: WriteTx) -> None:
    """Wake the relays, for a lane may go on, and the readers of the feed."""
    await tx.notify(WAKE_CHANNEL)
    await tx.notify(FEED_CHANNEL)


async def _limit_wait(tx: WriteTx) -> None:
    """Limit how long this transaction waits for locked rows; a longer wait is Unavailable."""
    await tx.execute(select(func.set_config("lock_timeout", LOCK_TIMEOUT, True)))  # noqa: FBT003 -- for the transaction


async def _locked(act: Act, notice_id: UUID) -> Delivery:
    """Return the notice, locked, for somebody who runs its department's deliveries. Raises NotFound, Forbidden."""
    division = await act.tx.scalar(
        select(col(Department.division_number))
        .join(Delivery, col(Delivery.department_id) == Department.id)
        .where(col(Delivery.id) == notice_id)
    )
    if division is None:
        raise NotFound("notice", node_id("notice", notice_id), path=("notice",))
    act.actor.require(division, *RUNS_DELIVERIES)
    await _limit_wait(act.tx)
    return await row_by_id(act.tx, Delivery, notice_id, "notice", lock=True)


async def _of_events(tx: WriteTx, addressee: Department, events: Sequence[UUID]) -> list[UUID]:
    """Return the department's notices of the events, locked. Raises NotFound, IllegalTransition."""
    rows = await tx.scalars(
        select(Delivery)
        .where(col(Delivery.department_id) == addressee.id, among(col(Delivery.event_id), events))
        .order_by(col(Delivery.id))
        .with_for_update()
    )
    notices = {notice.event_id: notice for notice in rows}
    for event in events:
        if event not in notices:
            raise NotFound("notice of the event", node_id("event", event), path=("events",))
        advance(LIFECYCLE, "notice", notices[event].status, "replay")
    return [notice.id for notice in notices.values()]


async def _of_times(tx: WriteTx, addressee: Department, since: datetime | None, until: datetime | None) -> list[UUID]:
    """Return the department's delivered notices of a time, locked. Raises ReplayTooLarge."""
    wanted = (
        select(col(Delivery.id))
        .join(Event, col(Event.id) == Delivery.event_id)
        .where(col(Delivery.department_id) == addressee.id, col(Delivery.status) == NoticeStatus.CONFIRMED)
    )
    if since is not None:
        wanted = wanted.where(col(Event.occurred_at) >= since)
    if until is not None:
        wanted = wanted.where(col(Event.occurred_at) < until)
    wanted = wanted.order_by(col(Delivery.id)).limit(MOST_REPLAYED + 1).with_for_update(of=Delivery)
    ids = list(await tx.scalars(wanted))
    if len(ids) > MOST_REPLAYED:
        raise ReplayTooLarge(MOST_REPLAYED)
    return ids
