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


class ConversionKind(StrEnum):
    """What an outcome or an opinion was made into: 建议, 提案, 社情民意信息."""

    SUGGESTION = "SUGGESTION"
    PROPOSAL = "PROPOSAL"
    SOCIAL_OPINION_REPORT = "SOCIAL_OPINION_REPORT"
