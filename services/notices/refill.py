"""A broker that lost its queues is given again what departments had not taken."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.core.act import Act
from services.core.actor import RUNS_DELIVERIES
from services.departments.records import department_by_code
from services.divisions.records import province_number
from services.notices.announce import FEED_CHANNEL, WAKE_CHANNEL

STATEMENT_TIMEOUT = "5min"
"""The whole log is looked through, which a request would not be given the time for."""

REFILL = text("""
WITH again AS (
    UPDATE delivery SET status = 'PENDING', confirmed_at = NULL
    WHERE status = 'CONFIRMED' AND (receipt IS NULL OR receipt_at >= CAST(:answered_since AS timestamptz))
      AND (CAST(:department AS uuid) IS NULL OR department_id = :department)
    RETURNING department_id
)
SELECT count(*) AS notices, count(DISTINCT department_id) AS departments FROM again
""")
GO_ON = text("""
UPDATE department_channel SET pauses = 0, paused_until = NULL, last_error = NULL
WHERE pauses > 0 AND (CAST(:department AS uuid) IS NULL OR department_id = :department)
""")
"""A department that was paused, as its queue was gone, is tried at once."""


@dataclass(frozen=True, slots=True)
class Refilled:
    """How many notices wait to be sent again, and to how many departments."""

    notices: int
    departments: int


async def refill(act: Act, *, department: str | None = None, answered_since: datetime | None = None) -> Refilled:
    """Notices that the broker took and that were not answered wait to be sent again, as repetitions.

    They have the ids, the numbers and the `replay` that they had: a department that handled one drops it, one that had
    not taken it gets it for the first time, and lanes go on in order from the oldest. `answered_since` takes those
    answered from then on too, which may have been in a department's hands. Without a department it is done for all.
    Raises NotFound for the department, Forbidden.
    """
    await act.tx.take_time(STATEMENT_TIMEOUT)
    if department is None:
        act.actor.require(await province_number(act.tx), *RUNS_DELIVERIES)
        only = None
    else:
        addressee = await department_by_code(act.tx, department)
        act.actor.require(addressee.division_number, *RUNS_DELIVERIES)
        only = addressee.id
    (again,) = await act.tx.run(REFILL, {"answered_since": answered_since, "department": only})
    await act.tx.run(GO_ON, {"department": only})
    await act.tx.notify(WAKE_CHANNEL)
    await act.tx.notify(FEED_CHANNEL)
    return Refilled(again.notices, again.departments)
