from datetime import date

from services.core.chronology import NotYetHappened
from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError
from services.core.words import Words


class ActivityPlaceInvalid(DomainError):
    """An activity takes place at a center or, without one, in a division."""

    code = Code.ACTIVITY_PLACE_INVALID
    words = Words(
        "Name the center or else the division where it took place, not both.",
        "活动地点请填实践中心或区划，二者只填其一。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("center",))


class ActivityNotYetHeld(NotYetHappened):
    """What is recorded has taken place."""

    code = Code.ACTIVITY_NOT_YET_HELD

    def __init__(self, held_on: date, today: date) -> None:
        super().__init__(held_on, today, path="held_on")


CONSTRAINTS = {
    "pk_practice_center": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("A practice center with this id exists.", "此编号的实践中心已存在。")
    ),
    "uq_practice_center_division_number_name": ConstraintRefusal(
        Code.CENTER_NAME_TAKEN,
        Words("The division has a practice center of this name.", "该区划已有同名实践中心。"),
        ("name",),
    ),
    "fk_activity_center_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The practice center does not exist.", "实践中心不存在。"), ("center",)
    ),
    "pk_activity_member": ConstraintRefusal(
        Code.MEMBER_TWICE, Words("A member is named once.", "同一委员只列一次。"), ("members",)
    ),
    "fk_activity_member_activity_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The activity does not exist.", "活动不存在。")
    ),
    "fk_activity_member_member_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("A member does not exist.", "有委员不存在。"), ("members",)
    ),
}
