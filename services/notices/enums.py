from services.core.choices import Choice


class NoticeStatus(Choice):
    """通知状态: what became of a notice."""

    PENDING = "PENDING", "待发送", "Pending", "It waits to be sent."
    CONFIRMED = "CONFIRMED", "已送达", "Confirmed", "The broker has taken it."
    PARKED = "PARKED", "已搁置", "Parked", "It waits for an operator and holds back its own lane only."
    SKIPPED = "SKIPPED", "已跳过", "Skipped", "An operator decided that it is not sent."


class ReceiptStatus(Choice):
    """回执状态: what a department answered."""

    RECEIVED = "RECEIVED", "已收到", "Received", "The department has the notice."
    ACCEPTED = "ACCEPTED", "已受理", "Accepted", "It takes the matter on."
    DECLINED = "DECLINED", "不受理", "Declined", "It does not take the matter on, and says why."
    IN_PROGRESS = "IN_PROGRESS", "办理中", "In progress", "It works on it."
    COMPLETED = "COMPLETED", "已办结", "Completed", "It says that it is done, with evidence."
