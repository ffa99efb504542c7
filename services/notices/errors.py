from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput
from services.core.words import Words

CONSTRAINTS = {
    "ck_event_data_size": ConstraintRefusal(
        Code.EVENT_TOO_LARGE, Words("The event's data is larger than 60 KiB.", "事件内容超过60 KiB。")
    ),
    "uq_event_position": ConstraintRefusal(Code.CONFLICT, Words("The place in the feed is taken.", "该次序已被占用。")),
    "fk_event_topic_id": ConstraintRefusal(Code.NOT_FOUND, Words("The topic does not exist.", "议题不存在。")),
    "fk_event_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "uq_lane_department_id_topic_id": ConstraintRefusal(
        Code.CONFLICT, Words("The lane was opened at the same time.", "通道队列同时被建立。")
    ),
    "ck_lane_last_sequence_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("A lane counts from 1.", "通道队列从1计数。")
    ),
    "fk_lane_department_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The department does not exist.", "责任单位不存在。")
    ),
    "fk_lane_topic_id": ConstraintRefusal(Code.NOT_FOUND, Words("The topic does not exist.", "议题不存在。")),
    "uq_delivery_event_id_department_id": ConstraintRefusal(
        Code.CONFLICT, Words("The event is addressed to the department already.", "该事件已通知该责任单位。")
    ),
    "uq_delivery_lane_id_sequence": ConstraintRefusal(
        Code.CONFLICT, Words("The number in the lane is taken.", "队列中的序号已被占用。")
    ),
    "uq_delivery_position": ConstraintRefusal(
        Code.CONFLICT, Words("The place in the feed is taken.", "该次序已被占用。")
    ),
    "ck_delivery_sequence_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A lane counts from 1.", "通道队列从1计数。")
    ),
    "ck_delivery_attempts_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("Attempts are 0 or more.", "尝试次数不小于0。")
    ),
    "ck_delivery_confirmed_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A confirmed delivery, and no other, has the instant of its confirmation.", "已送达的通知才有送达时间。"),
    ),
    "ck_delivery_receipt_has_instant": ConstraintRefusal(
        Code.INVALID_STATE, Words("A receipt has its instant.", "回执须有时间。")
    ),
    "ck_delivery_replays_have_instant": ConstraintRefusal(
        Code.INVALID_STATE, Words("A replayed notice has its instant.", "重发的通知须有时间。")
    ),
    "ck_delivery_skipped_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A skipped delivery, and no other, has the instant of its skip.", "已跳过的通知才有跳过时间。"),
    ),
    "ck_delivery_skip_has_reason": ConstraintRefusal(
        Code.INVALID_INPUT,
        Words("A skip has a reason of 1 to 500 characters.", "跳过须有1至500字的原因。"),
        ("reason",),
    ),
    "ck_delivery_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a delivery's.", "不是通知的状态。")
    ),
    "ck_delivery_receipt": ConstraintRefusal(
        Code.INVALID_STATE, Words("The receipt is not one of the list.", "不是所列的回执状态。")
    ),
    "fk_delivery_event_id": ConstraintRefusal(Code.NOT_FOUND, Words("The event does not exist.", "事件不存在。")),
    "fk_delivery_department_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The department does not exist.", "责任单位不存在。")
    ),
    "fk_delivery_lane_id": ConstraintRefusal(Code.NOT_FOUND, Words("The lane does not exist.", "通道队列不存在。")),
    "pk_restoration": ConstraintRefusal(
        Code.CONFLICT, Words("The restore to that moment was told already.", "恢复到该时刻的情况已告知。")
    ),
    "ck_restoration_first_sequence_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A lane counts from 1.", "通道队列从1计数。")
    ),
    "pk_inbox_message": ConstraintRefusal(Code.CONFLICT, Words("The reply was taken in already.", "该回复已收到。")),
    "fk_inbox_message_department_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The department does not exist.", "责任单位不存在。")
    ),
}


class ReplyRefused(DomainError):
    """A department's reply that cannot be taken; the reason goes back with it."""

    code = "REPLY_REFUSED"


class ReasonMissing(InvalidInput):
    """A department that does not take something on says why."""

    words = Words("A notice is declined with a note that gives the reason.", "不予接受的，须在说明中写明原因。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("note",))


class ChannelDisabled(DomainError):
    """The department's channel is disabled: what is sent would wait."""

    code = Code.CHANNEL_DISABLED
    words = Words(
        "The channel of {department} is disabled; enable it first.", "责任单位{department}的通道已停用，请先启用。"
    )

    def __init__(self, department: str) -> None:
        super().__init__(self.words(department=department), path=("department",))


class NothingToReplay(DomainError):
    """No notice that was asked for has been delivered."""

    code = Code.NOTHING_TO_REPLAY
    words = Words("No notice of {department} was delivered in that time.", "该时段没有送达{department}的通知。")

    def __init__(self, department: str) -> None:
        super().__init__(self.words(department=department))


class ReplayTooLarge(DomainError):
    """More notices would be replayed than one command may."""

    code = Code.REPLAY_TOO_LARGE
    words = Words(
        "More than {most} notices were delivered in that time; narrow it.", "该时段送达的通知超过{most}条，请缩小范围。"
    )

    def __init__(self, most: int) -> None:
        super().__init__(self.words(most=most))


class SubscriberTooSlow(DomainError):
    """More changes wait for the subscriber than may; those that it was not sent are in the feed still."""

    code = Code.SUBSCRIBER_TOO_SLOW
    words = Words(
        "More than {backlog} changes waited for this subscriber, so it was cut off; subscribe again with the "
        "last event id received as `after` and nothing is missed.",
        "等待接收的变动超过{backlog}条，连接已中断；请以最后收到的事件编号作`after`重新订阅，不会遗漏。",
    )

    def __init__(self, backlog: int) -> None:
        super().__init__(self.words(backlog=backlog))
