from enum import StrEnum


class PlanStatus(StrEnum):
    """State of one version of a plan."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
