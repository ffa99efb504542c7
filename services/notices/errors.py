from services.core.errors import ConstraintRefusal, DomainError

CONSTRAINTS = {
    "ck_event_data_size": ConstraintRefusal("EVENT_TOO_LARGE", "The event's data is larger than 60 KiB."),
    "uq_event_position": ConstraintRefusal("CONFLICT", "The place in the feed is taken."),
    "fk_event_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist."),
    "fk_event_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "uq_lane_department_id_topic_id": ConstraintRefusal("CONFLICT", "The lane was opened at the same time."),
    "ck_lane_last_sequence_not_negative": ConstraintRefusal("INVALID_STATE", "A lane counts from 1."),
    "fk_lane_department_id": ConstraintRefusal("NOT_FOUND", "The department does not exist."),
    "fk_lane_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist."),
    "uq_delivery_event_id_department_id": ConstraintRefusal(
        "CONFLICT", "The event is addressed to the department already."
    ),
    "uq_delivery_lane_id_sequence": ConstraintRefusal("CONFLICT", "The number in the lane is taken."),
    "uq_delivery_position": ConstraintRefusal("CONFLICT", "The place in the feed is taken."),
    "ck_delivery_sequence_positive": ConstraintRefusal("INVALID_STATE", "A lane counts from 1."),
    "ck_delivery_attempts_not_negative": ConstraintRefusal("INVALID_STATE", "Attempts are 0 or more."),
    "ck_delivery_confirmed_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A confirmed delivery, and no other, has the instant of its confirmation."
    ),
    "ck_delivery_receipt_has_instant": ConstraintRefusal("INVALID_STATE", "A receipt has its instant."),
    "ck_delivery_replays_have_instant": ConstraintRefusal("INVALID_STATE", "A replayed notice has its instant."),
    "ck_delivery_skipped_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A skipped delivery, and no other, has the instant of its skip."
    ),
    "ck_delivery_skip_has_reason": ConstraintRefusal(
        "INVALID_INPUT", "A skip has a reason of 1 to 500 characters.", ("reason",)
    ),
    "ck_delivery_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a delivery's."),
    "ck_delivery_receipt": ConstraintRefusal("INVALID_STATE", "The receipt is not one of the list."),
    "fk_delivery_event_id": ConstraintRefusal("NOT_FOUND", "The event does not exist."),
    "fk_delivery_department_id": ConstraintRefusal("NOT_FOUND", "The department does not exist."),
    "fk_delivery_lane_id": ConstraintRefusal("NOT_FOUND", "The lane does not exist."),
    "pk_inbox_message": ConstraintRefusal("CONFLICT", "The reply was taken in already."),
    "fk_inbox_message_department_id": ConstraintRefusal("NOT_FOUND", "The department does not exist."),
}


class ReplyRefused(DomainError):
    """A department's reply that cannot be taken; the reason goes back with it."""

    code = "REPLY_REFUSED"


class ChannelDisabled(DomainError):
    """The department's channel is disabled: what is sent would wait."""

    code = "CHANNEL_DISABLED"

    def __init__(self, department: str) -> None:
        super().__init__(f"The channel of {department} is disabled; enable it first.", path=("department",))
        self.department = department


class NothingToReplay(DomainError):
    """No notice that was asked for has been delivered."""

    code = "NOTHING_TO_REPLAY"

    def __init__(self, department: str) -> None:
        super().__init__(f"No notice of {department} was delivered in that time.")
        self.department = department


class ReplayTooLarge(DomainError):
    """More notices would be replayed than one command may."""

    code = "REPLAY_TOO_LARGE"

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} notices were delivered in that time; narrow it.")
        self.most = most


class SubscriberTooSlow(DomainError):
    """More changes wait for the subscriber than may; those that it was not sent are in the feed still."""

    code = "SUBSCRIBER_TOO_SLOW"

    def __init__(self, backlog: int) -> None:
        super().__init__(
            f"More than {backlog} changes waited for this subscriber, so it was cut off; subscribe again with the last "
            "event id received as `after` and nothing is missed."
        )
        self.backlog = backlog
