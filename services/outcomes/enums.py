from enum import StrEnum


class CommitmentStatus(StrEnum):
    """State of a commitment."""

    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"


class FollowUpChannel(StrEnum):
    """How an answer came: 本人填写, 电话回访, 上门回访, 座谈, 其他. All but the first were recorded by staff."""

    ONLINE = "ONLINE"
    TELEPHONE = "TELEPHONE"
    VISIT = "VISIT"
    MEETING = "MEETING"
    OTHER = "OTHER"


class ConversionKind(StrEnum):
    """What an outcome or an opinion was made into: 建议, 提案, 社情民意信息."""

    SUGGESTION = "SUGGESTION"
    PROPOSAL = "PROPOSAL"
    SOCIAL_OPINION_REPORT = "SOCIAL_OPINION_REPORT"
