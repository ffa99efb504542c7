"""The domain's closed lists as GraphQL enums, each described by the first paragraph of its docstring."""

import inspect
from enum import StrEnum

import strawberry

from services.core.actor import Role
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
from services.topics.enums import InvolvementRole, TopicKind, TopicStatus

__all__ = [
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
    "TopicKind",
    "TopicStatus",
]


class Direction(StrEnum):
    """Direction of an order."""

    ASC = "ASC"
    DESC = "DESC"


for _name in __all__:
    _paragraph, _, _ = (inspect.getdoc(globals()[_name]) or "").partition("\n\n")
    strawberry.enum(globals()[_name], description=" ".join(_paragraph.split()))
