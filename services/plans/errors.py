from collections.abc import Sequence

from services.core.errors import ConstraintRefusal, DomainError, InvalidInput, NotAllowed

OPEN_ALREADY = "The platform has an open version of this year's plan already; go on with that one."

CONSTRAINTS = {
    "ck_annual_plan_version_positive": ConstraintRefusal("INVALID_STATE", "A plan's version starts at 1."),
    "ck_annual_plan_revision_positive": ConstraintRefusal("INVALID_STATE", "A plan's revision starts at 1."),
    "ck_annual_plan_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a plan's."),
    "ck_annual_plan_submitted_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A plan that was submitted says when and by whom; a draft does not."
    ),
    "ck_annual_plan_approved_has_body": ConstraintRefusal(
        "INVALID_STATE", "An approved plan, and no other, says when and by which body it was approved."
    ),
    "ck_annual_plan_returned_has_reason": ConstraintRefusal("INVALID_STATE", "A returned plan says why."),
    "ck_annual_plan_only_approved_superseded": ConstraintRefusal(
        "INVALID_STATE", "Only an approved version is superseded."
    ),
    "uq_annual_plan_platform_id_year_version": ConstraintRefusal("PLAN_OPEN", OPEN_ALREADY, ("year",)),
    "uq_annual_plan_open": ConstraintRefusal("PLAN_OPEN", OPEN_ALREADY, ("year",)),
    "uq_annual_plan_in_force": ConstraintRefusal("INVALID_STATE", "One version of a year's plan is in force."),
    "fk_annual_plan_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "annual_plan_frozen": ConstraintRefusal("PLAN_FROZEN", "An approved version of a plan does not change."),
    "ck_plan_item_position_positive": ConstraintRefusal("INVALID_STATE", "An item's place starts at 1."),
    "uq_plan_item_plan_id_topic_id": ConstraintRefusal(
        "ALREADY_PLANNED", "The topic stands in this plan already.", ("topic",)
    ),
    "uq_plan_item_plan_id_position": ConstraintRefusal("INVALID_STATE", "An item's place is taken."),
    "plan_item_frozen": ConstraintRefusal("PLAN_FROZEN", "The items of a plan change only while it is a draft."),
}


class PlanOpen(DomainError):
    """A new version was asked for while one is drawn up or waits for approval."""

    code = "PLAN_OPEN"

    def __init__(self, year: int, version: int, status: str) -> None:
        super().__init__(
            f"Version {version} of the plan for {year} is {status}; go on with that one.",
            path=("year",),
        )
        self.year = year
        self.version = version
        self.status = status


class PlanEmpty(DomainError):
    """A plan without a topic."""

    code = "PLAN_EMPTY"

    def __init__(self) -> None:
        super().__init__("A plan is submitted with at least one topic.", path=("plan",))


class PositionInvalid(InvalidInput):
    """A place beyond the end of the plan."""

    code = "POSITION_INVALID"

    def __init__(self, position: int, last: int) -> None:
        super().__init__(f"A new item's place is 1 to {last}; {position} was given.", path=("position",))
        self.position = position
        self.last = last


class TopicElsewhere(DomainError):
    """The topic is not one of the plan's platform or of those beneath it."""

    code = "TOPIC_ELSEWHERE"

    def __init__(self, number: str, platform_code: str) -> None:
        super().__init__(
            f"Topic {number} is not one of platform {platform_code} or of those beneath it.", path=("topic",)
        )
        self.number = number
        self.platform_code = platform_code


class TopicNotOnAgenda(DomainError):
    """The topic is not listed, or closed."""

    code = "TOPIC_NOT_ON_AGENDA"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(
            f"Topic {number} is {status}; a plan takes topics that are listed and not yet closed.", path=("topic",)
        )
        self.number = number
        self.status = status


class NotPlanned(DomainError):
    """The topic does not stand in the plan."""

    code = "NOT_PLANNED"

    def __init__(self, number: str) -> None:
        super().__init__(f"Topic {number} does not stand in this plan.", path=("topic",))
        self.number = number


class FourEyes(NotAllowed):
    """The person who submitted the plan tried to approve it."""

    code = "FOUR_EYES"

    def __init__(self) -> None:
        super().__init__("Whoever submitted a plan may not approve it; somebody else has to.")


class PlanNotApproved(DomainError):
    """Key topics were to be taken to a session in a year for which no plan in force has them."""

    code = "PLAN_NOT_APPROVED"

    def __init__(self, numbers: Sequence[str], year: int, *, path: str) -> None:
        super().__init__(
            f"No approved plan for {year} has the key topic {', '.join(numbers)}; "
            f"put it into the plan of its platform, or of one above that, and have the plan approved.",
            path=(path,),
        )
        self.numbers = tuple(numbers)
        self.year = year


class YearOver(DomainError):
    """A plan was to be drawn up for a year that is over."""

    code = "YEAR_OVER"

    def __init__(self, year: int, present: int) -> None:
        super().__init__(f"{year} is over; a plan is drawn up for {present} or a later year.", path=("year",))
        self.year = year
        self.present = present
