"""After a restore of the database no number is given twice, and departments know of it.

What was committed after the moment that was restored to is gone from the rows, and may be in departments' hands: with
numbers that the lanes, as they were then, would give again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from services.core.act import Act
from services.core.actor import RUNS_DELIVERIES
from services.core.errors import DomainError
from services.divisions.records import province_number
from services.notices.announce import Addressee, announce
from services.notices.events import SystemRestored
from services.notices.models import Restoration

STEP = 1_000_000
"""How many numbers are passed over beside those for the time since the moment, which may be named wrongly."""
NUMBERS_A_SECOND = 100
"""How many are passed over for each second since the moment: more than events of one lane are committed in one."""
LAST_SEQUENCE = 2**31 - 1
"""The last number that a lane can give."""
STATEMENT_TIMEOUT = "5min"
"""All lanes are changed at once, which a request would not be given the time for."""
CLOCKS = timedelta(minutes=5)
"""By how much the clocks of the service and of the database may differ."""

LATER = text("SELECT max(occurred_at) AS at FROM event WHERE occurred_at > :moment AND type <> :restored")
TOLD = text("SELECT told_at, first_sequence FROM restoration WHERE restored_to = :moment")
REACHED = text("""
SELECT greatest((SELECT max(last_sequence) FROM lane), (SELECT max(first_sequence) - 1 FROM restoration), 0) AS number
""")
ADDRESSEES = text("""
SELECT department_id FROM lane UNION SELECT department_id FROM department_channel WHERE enabled
""")
PASS_OVER = text("UPDATE lane SET last_sequence = CAST(:first AS integer) - 1")


class RestoreRefused(DomainError):
    """What is said of a restore cannot be, or was told before; only an operator hears of it."""

    code = "RESTORE_REFUSED"


@dataclass(frozen=True, slots=True)
class Restored:
    """The first number of every lane from now on, and how many departments are told."""

    first_sequence: int
    departments: int


async def tell_restored(act: Act, *, restored_to: datetime, step: int = STEP) -> Restored:
    """Every lane goes on from one number that no lane has given, new ones too; each department is told by an event.

    That number is `step` above the highest that the rows know of, and `NUMBERS_A_SECOND` more for each second since
    `restored_to`, so that a second restore to the same moment finds another one. Told are departments that were ever
    told of anything or whose channel is enabled. Nobody else may write meanwhile.

    Raises RestoreRefused for a moment to come, one that there are later events than, and one that was told already,
    and where lanes would have no numbers left.
    """
    await act.tx.take_time(STATEMENT_TIMEOUT)
    province = await province_number(act.tx)
    act.actor.require(province, *RUNS_DELIVERIES)
    since = act.now() - restored_to
    if since < timedelta():
        raise RestoreRefused(f"{restored_to.isoformat()} is still to come: give the moment that was restored to.")
    if told := await act.tx.run(TOLD, {"moment": restored_to}):
        raise RestoreRefused(
            f"The restore to {restored_to.isoformat()} was told at {told[0].told_at.isoformat()}, with numbers from "
            f"{told[0].first_sequence} on: nothing is changed."
        )
    (later,) = await act.tx.run(LATER, {"moment": restored_to + CLOCKS, "restored": SystemRestored.type})
    if later.at is not None:
        raise RestoreRefused(
            f"The database has an event of {later.at.isoformat()}: it was not restored to {restored_to.isoformat()}, "
            "or others write to it already. Give the moment that it was restored to, before anything else runs."
        )
    (reached,) = await act.tx.run(REACHED)
    first = reached.number + 1 + step + NUMBERS_A_SECOND * int(since.total_seconds())
    if first > LAST_SEQUENCE - STEP:
        raise RestoreRefused(
            f"Lanes would go on from {first}, and their last number is {LAST_SEQUENCE}: give a smaller step."
        )
    await act.tx.run(PASS_OVER, {"first": first})
    told_now = {"restored_to": restored_to, "told_at": act.now(), "first_sequence": first}
    await act.tx.insert(Restoration, told_now)
    event = SystemRestored(division_number=province, restored_to=restored_to, first_sequence=first)
    addressees = [Addressee(row.department_id) for row in await act.tx.run(ADDRESSEES)]
    await announce(act, event, addressees)
    return Restored(first, len(addressees))
