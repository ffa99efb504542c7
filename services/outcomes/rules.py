from datetime import date

from services.core.chronology import Milestone, require_day_reached, require_not_after, require_not_before
from services.core.lifecycle import advance
from services.outcomes.enums import CommitmentStatus
from services.topics.enums import TopicStatus

LIFECYCLE: dict[tuple[CommitmentStatus, str], CommitmentStatus] = {
    (CommitmentStatus.ASSIGNED, "accept"): CommitmentStatus.ACCEPTED,
    (CommitmentStatus.ASSIGNED, "decline"): CommitmentStatus.DECLINED,
    (CommitmentStatus.ACCEPTED, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.ACCEPTED, "complete"): CommitmentStatus.DONE,
    (CommitmentStatus.IN_PROGRESS, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.IN_PROGRESS, "complete"): CommitmentStatus.DONE,
    (CommitmentStatus.DONE, "verify"): CommitmentStatus.VERIFIED,
    (CommitmentStatus.DONE, "dispute"): CommitmentStatus.DISPUTED,
    (CommitmentStatus.DISPUTED, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.ASSIGNED, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.ACCEPTED, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.IN_PROGRESS, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.DISPUTED, "withdraw"): CommitmentStatus.WITHDRAWN,
}
"""Commitment × what its department does, those who look at what was done, or those who assigned it → commitment."""

CLOSED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.DECLINED, CommitmentStatus.WITHDRAWN)
"""States in which nothing is left for the department to do."""

SETTLED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.WITHDRAWN)
"""States in which a commitment does not stand in the way of its topic's resolution: what was declined nobody does."""

ACTIONS = {"accepted": "accept", "declined": "decline", "progress": "progress", "completed": "complete"}
"""What a department does by its reply; what is not here moves no commitment."""

BEYOND: dict[str, frozenset[CommitmentStatus]] = {
    "accept": frozenset(
        {
            CommitmentStatus.ACCEPTED,
            CommitmentStatus.IN_PROGRESS,
            CommitmentStatus.DONE,
            CommitmentStatus.VERIFIED,
            CommitmentStatus.DISPUTED,
        }
    ),
    "decline": frozenset({CommitmentStatus.DECLINED}),
    "progress": frozenset({CommitmentStatus.DONE, CommitmentStatus.VERIFIED}),
    "complete": frozenset({CommitmentStatus.DONE, CommitmentStatus.VERIFIED}),
}
"""Action → the states in which it was taken already, say by staff, or is behind: a reply that says so contradicts
nothing, and moves its receipt alone."""


def takes(status: CommitmentStatus, action: str) -> bool:
    """Tell whether a reply's action moves the commitment; False where that is there already, or beyond it.

    Raises IllegalTransition where the reply contradicts what the commitment is.
    """
    if status in BEYOND[action] and (status, action) not in LIFECYCLE:
        return False
    advance(LIFECYCLE, "commitment", status, action)
    return True


FOLLOWED_UP = frozenset({TopicStatus.IMPLEMENTING, TopicStatus.RESOLVED})
"""States of a topic in which people can be asked how they find the fix."""


def require_reached_in_time(reached_on: date, held_on: date | None, today: date) -> None:
    """Require that an outcome was reached, on the day on which its session was held or later.

    Raises NotYetHappened, TooEarly.
    """
    require_day_reached(reached_on, today, path="reached_on")
    require_not_before(reached_on, held_on, Milestone.SESSION_HELD, path="reached_on")


def require_followed(reached_on: date, following: date | None) -> None:
    """Require that an outcome was reached no later than its first commitment was assigned or it was converted.

    Raises TooLate.
    """
    require_not_after(reached_on, following, Milestone.FOLLOWED, path="reached_on")


def require_submitted_in_time(submitted_on: date, source_on: date, today: date) -> None:
    """Require that a document was handed in, on the day of the outcome or opinion that it came out of or later.

    Raises NotYetHappened, TooEarly.
    """
    require_day_reached(submitted_on, today, path="submitted_on")
    require_not_before(submitted_on, source_on, Milestone.SOURCE_CAME_ABOUT, path="submitted_on")


def require_due_in_time(due_on: date | None, assigned_on: date) -> None:
    """Require that a commitment's last day, where it has one, is that on which it was assigned or later.

    Raises TooEarly.
    """
    if due_on is not None:
        require_not_before(due_on, assigned_on, Milestone.ASSIGNED, path="due_on")
