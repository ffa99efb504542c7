from enum import StrEnum


class DutyAct(StrEnum):
    """What a member did that a scheme can give points for: 参加议事, 提出意见, 成果转化, 提案立案, 参加活动."""

    ATTENDED = "ATTENDED"
    OPINION = "OPINION"
    OPINION_CONVERTED = "OPINION_CONVERTED"
    PROPOSAL_FILED = "PROPOSAL_FILED"
    ACTIVITY = "ACTIVITY"
