"""The domain's closed lists as GraphQL enums."""

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


@strawberry.enum(description="Direction of an order.")
class Direction(StrEnum):
    """Direction of an order."""

    ASC = "ASC"
    DESC = "DESC"


DESCRIPTIONS: dict[type[StrEnum], str] = {
    Role: "What a grant allows (角色).",
    DepartmentKind: "What a department is responsible for (责任单位类别).",
    DivisionLevel: "Level of a division: 省, 市, 县(区), 街道(乡镇), 社区(村).",
    DivisionKind: "行政区, 开发区: whether a row of the division table is a division, or a zone that only stands at "
    "the level of counties: it has no committee and is counted among none.",
    DutyAct: "What a member did that a scheme can give points for: 参加议事, 提出意见, 成果转化, 提案立案, 参加活动.",
    MatterNature: "How a matter weighs on people: 麻烦事, 琐碎事, 烦心事, 梗阻事.",
    MatterStatus: "State of a matter: 已反映, 已受理, 已立项, 已答复, 不予受理.",
    NoticeStatus: "Fate of a notice: waiting, taken by the broker, parked for an operator, skipped (通知状态).",
    ReceiptStatus: "A department's answer: 已收到, 已受理, 不受理, 办理中, 已办结.",
    ConversionKind: "建议, 提案, 社情民意信息.",
    FollowUpChannel: "How an answer came: 本人填写, 电话回访, 上门回访, 座谈, 其他; staff recorded all but the first.",
    CommitmentStatus: "State of a commitment (承诺事项状态).",
    PlanStatus: "State of one version of a plan (计划状态): 草拟, 送审, 批准, 退回.",
    PlatformKind: "县级, 街道(镇), 社区, 村, 委员工作室, 其他.",
    PlatformTier: "总平台, 分平台, 微平台.",
    ParticipantRole: "In which part somebody spoke or came: 委员, 干部, 部门, 企业, 居民, 利益相关方, 其他.",
    SearchKind: "What search finds: 议题, 群众反映事项, 协商成果, 协商平台.",
    SessionForm: "议事厅, 现场, 入户, 线上, 其他.",
    SessionStatus: "State of a session (议事会状态).",
    Category: "经济发展, 营商环境, 文旅融合, 老旧小区治理, 绿化, 环境卫生, 停车, "
    "文明绿色街巷, 乡村振兴, 水电, 道路, 安全, 其他.",
    InvolvementRole: "主办, 协办, 知会.",
    TopicKind: "重点协商议题, 微课题.",
    TopicStatus: "State of a topic (议题状态).",
}

for _enum, _description in DESCRIPTIONS.items():
    strawberry.enum(_enum, description=_description)
