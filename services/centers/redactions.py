"""What the public reads of an activity."""

from uuid import UUID

from services.centers.models import Activity
from services.core.act import Act
from services.core.actor import ACTS
from services.core.lookup import row_by_id
from services.redactions.records import redact


async def redact_activity(act: Act, *, activity_id: UUID, reason: str, title: str | None) -> UUID:
    """Everybody but staff reads another title of the activity, or none of it where none is given.

    No trace tells of activities: the reason is kept with the words. Returns the activity's id. Raises NotFound,
    Forbidden, NothingCorrected, ConstraintViolated.
    """
    activity = await row_by_id(act.tx, Activity, activity_id, "activity")
    act.actor.require(activity.division_number, *ACTS)
    await act.tx.refresh(activity, with_for_update=True)
    await redact(act, activity, {"title": title}, withhold=True, reason=reason)
    return activity.id
