from datetime import date

from services.centers.errors import ActivityNotYetHeld
from services.core.chronology import Milestone, require_not_before


def require_activity_held(held_on: date, today: date, opened_on: date | None) -> None:
    """Require that an activity has taken place, and not before the center where it did had opened.

    Raises ActivityNotYetHeld, TooEarly.
    """
    if held_on > today:
        raise ActivityNotYetHeld(held_on, today)
    require_not_before(held_on, opened_on, Milestone.CENTER_OPENED, path="held_on")
