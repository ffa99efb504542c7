from datetime import date

from services.core.chronology import NotYetHappened
from services.core.errors import ConstraintRefusal, DomainError


class ActivityPlaceInvalid(DomainError):
    """An activity takes place at a center or, without one, in a division."""

    code = "ACTIVITY_PLACE_INVALID"

    def __init__(self) -> None:
        super().__init__("Name the center or else the division where it took place, not both.", path=("center",))


class ActivityNotYetHeld(NotYetHappened):
    """What is recorded has taken place."""

    code = "ACTIVITY_NOT_YET_HELD"

    def __init__(self, held_on: date, today: date) -> None:
        super().__init__(held_on, today, path="held_on")


CONSTRAINTS = {
    "pk_practice_center": ConstraintRefusal("DUPLICATE_ID", "A practice center with this id exists."),
    "uq_practice_center_division_number_name": ConstraintRefusal(
        "CENTER_NAME_TAKEN", "The division has a practice center of this name.", ("name",)
    ),
    "fk_activity_center_id": ConstraintRefusal("NOT_FOUND", "The practice center does not exist.", ("center",)),
    "pk_activity_member": ConstraintRefusal("MEMBER_TWICE", "A member is named once.", ("members",)),
    "fk_activity_member_activity_id": ConstraintRefusal("NOT_FOUND", "The activity does not exist."),
    "fk_activity_member_member_id": ConstraintRefusal("NOT_FOUND", "A member does not exist.", ("members",)),
}
