from services.core.errors import ConstraintRefusal, DomainError

CONSTRAINTS = {
    "ck_event_data_size": ConstraintRefusal("EVENT_TOO_LARGE", "The event's data is larger than 60 KiB."),
}


class ReplyRefused(DomainError):
    """A department's reply that cannot be taken; the reason goes back with it."""

    code = "REPLY_REFUSED"
