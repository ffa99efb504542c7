from services.core.choices import Choice


class PlanStatus(Choice):
    """计划状态: state of one version of a plan."""

    DRAFT = "DRAFT", "草拟", "Draft", "It is being drawn up."
    SUBMITTED = "SUBMITTED", "送审", "Submitted", "It waits for approval."
    APPROVED = "APPROVED", "批准", "Approved", "It is frozen; a change is a new version."
    RETURNED = "RETURNED", "退回", "Returned", "It was sent back with a reason, to be drafted again."
