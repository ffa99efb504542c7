from collections.abc import Sequence

from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput, NotAllowed
from services.core.words import Words

OPEN_ALREADY = Words(
    "The platform has an open version of this year's plan already; go on with that one.",
    "该平台本年度已有在办的计划版本，请继续办理该版。",
)

CONSTRAINTS = {
    "ck_annual_plan_version_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A plan's version starts at 1.", "计划版本号从1起。")
    ),
    "ck_annual_plan_revision_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A plan's revision starts at 1.", "计划修订号从1起。")
    ),
    "ck_annual_plan_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a plan's.", "不是计划的状态。")
    ),
    "ck_annual_plan_submitted_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "A plan that was submitted says when and by whom; a draft does not.",
            "已送审的计划须注明送审人和时间，草拟的则无。",
        ),
    ),
    "ck_annual_plan_approved_has_body": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "An approved plan, and no other, says when and by which body it was approved.",
            "已批准的计划才注明批准机构和时间。",
        ),
    ),
    "ck_annual_plan_returned_has_reason": ConstraintRefusal(
        Code.INVALID_STATE, Words("A returned plan says why.", "退回的计划须注明原因。")
    ),
    "ck_annual_plan_only_approved_superseded": ConstraintRefusal(
        Code.INVALID_STATE, Words("Only an approved version is superseded.", "只有已批准的版本会被取代。")
    ),
    "uq_annual_plan_platform_id_year_version": ConstraintRefusal(Code.PLAN_OPEN, OPEN_ALREADY, ("year",)),
    "uq_annual_plan_open": ConstraintRefusal(Code.PLAN_OPEN, OPEN_ALREADY, ("year",)),
    "uq_annual_plan_in_force": ConstraintRefusal(
        Code.INVALID_STATE, Words("One version of a year's plan is in force.", "一个年度只有一版计划有效。")
    ),
    "fk_annual_plan_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "annual_plan_frozen": ConstraintRefusal(
        Code.PLAN_FROZEN, Words("An approved version of a plan does not change.", "已批准的计划版本不再更改。")
    ),
    "ck_plan_item_position_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("An item's place starts at 1.", "计划议题次序从1起。")
    ),
    "uq_plan_item_plan_id_topic_id": ConstraintRefusal(
        Code.ALREADY_PLANNED, Words("The topic stands in this plan already.", "该议题已列入此计划。"), ("topic",)
    ),
    "uq_plan_item_plan_id_position": ConstraintRefusal(
        Code.INVALID_STATE, Words("An item's place is taken.", "该次序已被占用。")
    ),
    "plan_item_frozen": ConstraintRefusal(
        Code.PLAN_FROZEN, Words("The items of a plan change only while it is a draft.", "计划议题只在草拟时可以更改。")
    ),
}


class PlanOpen(DomainError):
    """A new version was asked for while one is drawn up or waits for approval."""

    code = Code.PLAN_OPEN
    words = Words(
        "Version {version} of the plan for {year} is {status}; go on with that one.",
        "{year}年度协商计划第{version}版状态为“{status}”，请继续办理该版。",
    )

    def __init__(self, year: int, version: int, status: str) -> None:
        super().__init__(self.words(version=version, year=year, status=status), path=("year",))


class PlanEmpty(DomainError):
    """A plan without a topic."""

    code = Code.PLAN_EMPTY
    words = Words("A plan is submitted with at least one topic.", "报送的计划至少要有一个议题。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("plan",))


class PositionInvalid(InvalidInput):
    """A place beyond the end of the plan."""

    code = Code.POSITION_INVALID
    words = Words(
        "An item's place is 1 to {last}; {position} was given.", "议题在计划中的次序应为1至{last}，所给为{position}。"
    )

    def __init__(self, position: int, last: int) -> None:
        super().__init__(self.words(last=last, position=position), path=("position",))


class TopicElsewhere(DomainError):
    """The topic is not one of the plan's platform or of those beneath it."""

    code = Code.TOPIC_ELSEWHERE
    words = Words(
        "Topic {number} is not one of platform {platform} or of those beneath it.",
        "议题{number}不属于平台{platform}及其下级平台。",
    )

    def __init__(self, number: str, platform_code: str) -> None:
        super().__init__(self.words(number=number, platform=platform_code), path=("topic",))


class TopicNotOnAgenda(DomainError):
    """The topic is not listed, or closed."""

    code = Code.TOPIC_NOT_ON_AGENDA
    words = Words(
        "Topic {number} is {status}; a plan takes topics that are listed and not yet closed.",
        "议题{number}状态为“{status}”；计划只列已立项且未结束的议题。",
    )

    def __init__(self, number: str, status: str) -> None:
        super().__init__(self.words(number=number, status=status), path=("topic",))


class NotPlanned(DomainError):
    """The topic does not stand in the plan."""

    code = Code.NOT_PLANNED
    words = Words("Topic {number} does not stand in this plan.", "议题{number}未列入此计划。")

    def __init__(self, number: str) -> None:
        super().__init__(self.words(number=number), path=("topic",))


class FourEyes(NotAllowed):
    """The person who submitted the plan tried to approve it."""

    code = Code.FOUR_EYES
    words = Words(
        "Whoever submitted a plan may not approve it; somebody else has to.", "报送计划的人不得审批，须由他人审批。"
    )

    def __init__(self) -> None:
        super().__init__(self.words)


class PlanNotApproved(DomainError):
    """Key topics were to be taken to a session in a year for which no plan in force has them."""

    code = Code.PLAN_NOT_APPROVED
    words = Words(
        "No approved plan for {year} has the key topic {numbers}; put it into the plan of its platform, or of "
        "one above that, and have the plan approved.",
        "{year}年度没有获批的计划列有重点协商议题{numbers}；请列入其平台或上级平台的计划并报批。",
    )

    def __init__(self, numbers: Sequence[str], year: int, *, path: str) -> None:
        super().__init__(self.words(numbers=tuple(numbers), year=year), path=(path,))


class YearOver(DomainError):
    """A plan was to be drawn up for a year that is over."""

    code = Code.YEAR_OVER
    words = Words(
        "{year} is over; a plan is drawn up for {present} or a later year.",
        "{year}年已过，只能制定{present}年及以后的计划。",
    )

    def __init__(self, year: int, present: int) -> None:
        super().__init__(self.words(year=year, present=present), path=("year",))
