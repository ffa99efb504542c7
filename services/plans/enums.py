from enum import StrEnum


class PlanStatus(StrEnum):
    """State of one version of a plan (计划状态): 草拟, 送审, 批准, 退回."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
