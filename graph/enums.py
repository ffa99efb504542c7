"""The domain's closed lists as GraphQL enums."""

import inspect
from typing import TypeVar

import strawberry

from services.core.actor import Role
from services.core.choices import Choice
from services.departments.enums import DepartmentKind
from services.divisions.enums import DivisionKind, DivisionLevel
from services.duty.enums import DutyAct
from services.matters.enums import Category, MatterNature, MatterStatus, ParticipantRole
from services.notices.enums import NoticeStatus, ReceiptStatus
from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.plans.enums import PlanStatus
from services.platforms.enums import PlatformKind, PlatformTier
from services.search.enums import SearchKind
from services.sessions.enums import SessionForm, SessionStatus
from services.tallies.enums import TimeUnit
from services.topics.enums import InvolvementRole, TopicKind, TopicStatus
from services.trace.enums import ActorRole

C = TypeVar("C", bound=Choice)

__all__ = [
    "ActorRole",
    "Category",
    "CommitmentStatus",
    "ConversionKind",
    "DepartmentKind",
    "Direction",
    "DivisionKind",
    "DivisionLevel",
    "DutyAct",
    "FollowUpChannel",
    "InvolvementRole",
    "MatterNature",
    "MatterStatus",
    "NoticeStatus",
    "ParticipantRole",
    "PlanStatus",
    "PlatformKind",
    "PlatformTier",
    "ReceiptStatus",
    "Role",
    "SearchKind",
    "SessionForm",
    "SessionStatus",
    "TimeUnit",
    "TopicKind",
    "TopicStatus",
]


class Direction(Choice):
    """排序方向: direction of an order."""

    ASC = "ASC", "升序", "Ascending", "The least first, or the earliest; nulls last."
    DESC = "DESC", "降序", "Descending", "The greatest first, or the latest; nulls last."


def as_enum(choice: type[C], name: str | None = None) -> type[C]:
    """Declare a closed list as an enum, described by its docstring's first paragraph, each value by its own words."""
    paragraph, _, _ = (inspect.getdoc(choice) or "").partition("\n\n")
    strawberry.enum(choice, name=name, description=" ".join(paragraph.split()))
    for value in choice.__strawberry_definition__.values:  # type: ignore[attr-defined]  # of every enum
        value.description = choice[value.name].description
    return choice


for _name in __all__:
    as_enum(globals()[_name])
