from enum import StrEnum


class CommitmentStatus(StrEnum):
    """State of a commitment (承诺事项状态)."""

    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"


class FollowUpChannel(StrEnum):
    """How an answer came: 本人填写, 电话回访, 上门回访, 座谈, 其他; staff recorded all but the first."""

    ONLINE = "ONLINE"
    TELEPHONE = "TELEPHONE"
    VISIT = "VISIT"
    MEETING = "MEETING"
    OTHER = "OTHER"


class ConversionKind(StrEnum):
    """建议, 提案, 社情民意信息.

    What an outcome or an opinion was made into.
    """

    SUGGESTION = "SUGGESTION"
    PROPOSAL = "PROPOSAL"
    SOCIAL_OPINION_REPORT = "SOCIAL_OPINION_REPORT"
