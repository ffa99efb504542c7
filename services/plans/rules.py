from services.plans.enums import PlanStatus
from services.plans.errors import YearOver
from services.topics.enums import TopicStatus

LIFECYCLE: dict[tuple[PlanStatus, str], PlanStatus] = {
    (PlanStatus.DRAFT, "add"): PlanStatus.DRAFT,
    (PlanStatus.DRAFT, "move"): PlanStatus.DRAFT,
    (PlanStatus.DRAFT, "remove"): PlanStatus.DRAFT,
    (PlanStatus.DRAFT, "submit"): PlanStatus.SUBMITTED,
    (PlanStatus.SUBMITTED, "approve"): PlanStatus.APPROVED,
    (PlanStatus.SUBMITTED, "return"): PlanStatus.RETURNED,
    (PlanStatus.RETURNED, "draft"): PlanStatus.DRAFT,
}
"""Plan × action → plan. An approved version stays as it is: a change is a new version."""

PLANNABLE = frozenset({TopicStatus.LISTED, TopicStatus.SCHEDULED, TopicStatus.DELIBERATED, TopicStatus.IMPLEMENTING})
"""States in which a topic may be put into a plan: on the agenda, hence published, and not closed."""


def require_year_not_over(year: int, present: int) -> None:
    """Require that a plan is for this year or one to come. Raises YearOver."""
    if year < present:
        raise YearOver(year, present)
