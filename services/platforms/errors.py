from datetime import date

from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError
from services.core.words import Words
from services.platforms.enums import PlatformTier


class PlatformClosed(DomainError):
    """Nothing begins at a platform that is closed."""

    code = Code.PLATFORM_CLOSED
    words = Words(
        "Platform {platform} is closed since {closed}; take one that is open.",
        "平台{platform}已于{closed}撤销，请选其他平台。",
    )

    def __init__(self, platform_code: str, closed_on: date, *, path: str = "platform") -> None:
        super().__init__(self.words(platform=platform_code, closed=closed_on), path=(path,))


class PlatformInUse(DomainError):
    """A platform closes once nothing is open there or beneath it."""

    code = Code.PLATFORM_IN_USE
    words = Words(
        "Platform {platform} has {children} open platforms beneath it, {topics} topics that are neither resolved "
        "nor withdrawn and {sessions} sessions to come; close, resolve, withdraw or cancel them first.",
        "平台{platform}尚有{children}个下级平台、{topics}个未结束的议题和{sessions}场待开的议事会，请先撤销、办结、撤回或取消。",
    )

    def __init__(self, platform_code: str, *, children: int, topics: int, sessions: int) -> None:
        super().__init__(
            self.words(platform=platform_code, children=children, topics=topics, sessions=sessions), path=("platform",)
        )


class ParentUnfit(DomainError):
    """A platform's parent is of a tier above it and serves a place around it."""

    code = Code.PARENT_UNFIT
    words = Words(
        "A {tier} platform stands beneath {allowed:or}, one whose division has its own within it.",
        "{tier}的上级应为{allowed:or}，且上级的区划包含其区划。",
    )
    at_the_top = Words("A {tier} platform stands beneath no platform.", "{tier}没有上级平台。")

    def __init__(self, tier: PlatformTier, allowed: frozenset[PlatformTier]) -> None:
        words = self.words if allowed else self.at_the_top
        super().__init__(words(tier=tier, allowed=tuple(sorted(allowed))), path=("parent",))


CONSTRAINTS = {
    "uq_brand_division_number_name": ConstraintRefusal(
        Code.BRAND_NAME_TAKEN, Words("The division has a brand of this name.", "该区划已有同名工作品牌。"), ("name",)
    ),
    "uq_platform_code": ConstraintRefusal(
        Code.PLATFORM_CODE_TAKEN, Words("A platform with this code exists.", "此代码的协商平台已存在。"), ("code",)
    ),
    "ck_platform_only_general_lacks_parent": ConstraintRefusal(
        Code.INVALID_INPUT,
        Words("Every platform but a general one has a parent.", "除总平台外，每个平台都有上级平台。"),
        ("parent",),
    ),
    "ck_platform_closed_after_opened": ConstraintRefusal(
        Code.INVALID_INPUT, Words("A platform closes after it opened.", "平台的撤销日期晚于设立日期。"), ("closed_on",)
    ),
    "ck_platform_tier": ConstraintRefusal(
        Code.INVALID_INPUT, Words("A tier is GENERAL, SUB or MICRO.", "层级为总平台、分平台或微平台。"), ("tier",)
    ),
    "ck_platform_kind": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The kind is not one of a platform's.", "不是平台的类型。"), ("kind",)
    ),
    "ex_platform_one_general_at_a_time": ConstraintRefusal(
        Code.GENERAL_PLATFORM_EXISTS,
        Words("The division has a general platform at that time.", "该区划当时已有总平台。"),
        ("tier",),
    ),
}
