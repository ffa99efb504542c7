from datetime import date

from services.core.errors import ConstraintRefusal, DomainError
from services.platforms.enums import PlatformTier


class PlatformClosed(DomainError):
    """Nothing begins at a platform that is closed."""

    code = "PLATFORM_CLOSED"

    def __init__(self, platform_code: str, closed_on: date, *, path: str = "platform") -> None:
        super().__init__(f"Platform {platform_code} is closed since {closed_on}; take one that is open.", path=(path,))
        self.platform_code = platform_code
        self.closed_on = closed_on


class PlatformInUse(DomainError):
    """A platform closes once nothing is open there or beneath it."""

    code = "PLATFORM_IN_USE"

    def __init__(self, platform_code: str, *, children: int, topics: int, sessions: int) -> None:
        super().__init__(
            f"Platform {platform_code} has {children} open platforms beneath it, {topics} topics that are neither "
            f"resolved nor withdrawn and {sessions} sessions to come; close, resolve, withdraw or cancel them first.",
            path=("platform",),
        )
        self.platform_code = platform_code
        self.children = children
        self.topics = topics
        self.sessions = sessions


class ParentUnfit(DomainError):
    """A platform's parent is of a tier above it and serves a place around it."""

    code = "PARENT_UNFIT"

    def __init__(self, tier: PlatformTier, allowed: frozenset[PlatformTier]) -> None:
        wanted = " or ".join(sorted(allowed)) or "no platform"
        super().__init__(
            f"A {tier} platform stands beneath {wanted}, one whose division has its own within it.", path=("parent",)
        )
        self.tier = tier
        self.allowed = allowed


CONSTRAINTS = {
    "uq_brand_division_number_name": ConstraintRefusal(
        "BRAND_NAME_TAKEN", "The division has a brand of this name.", ("name",)
    ),
    "uq_platform_code": ConstraintRefusal("PLATFORM_CODE_TAKEN", "A platform with this code exists.", ("code",)),
    "ck_platform_only_general_lacks_parent": ConstraintRefusal(
        "INVALID_INPUT", "Every platform but a general one has a parent.", ("parent",)
    ),
    "ck_platform_closed_after_opened": ConstraintRefusal(
        "INVALID_INPUT", "A platform closes after it opened.", ("closed_on",)
    ),
    "ck_platform_tier": ConstraintRefusal("INVALID_INPUT", "A tier is GENERAL, SUB or MICRO.", ("tier",)),
    "ck_platform_kind": ConstraintRefusal("INVALID_INPUT", "The kind is not one of a platform's.", ("kind",)),
    "ex_platform_one_general_at_a_time": ConstraintRefusal(
        "GENERAL_PLATFORM_EXISTS", "The division has a general platform at that time.", ("tier",)
    ),
}
