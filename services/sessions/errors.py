from datetime import date, datetime

from services.core.chronology import shown
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput

CONSTRAINTS = {
    "ck_session_held_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A session that was held, and no other, has the instant at which it was."
    ),
    "ck_session_bound_has_headcount": ConstraintRefusal(
        "INVALID_INPUT", "Only a headcount can be a lower bound.", ("headcount",)
    ),
    "ck_session_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a session's."),
    "ck_session_form": ConstraintRefusal("INVALID_INPUT", "The form is not one of a session's.", ("form",)),
    "fk_session_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_session_topic": ConstraintRefusal("DUPLICATE_TOPIC", "A topic stands on an agenda once.", ("topics",)),
    "fk_session_topic_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist.", ("topics",)),
    "uq_attendance_session_id_position": ConstraintRefusal("INVALID_STATE", "An attendance's place is taken."),
    "ck_attendance_position_positive": ConstraintRefusal("INVALID_STATE", "An attendance's place starts at 1."),
    "ck_attendance_role": ConstraintRefusal("INVALID_INPUT", "The role is not one of the list.", ("attendances",)),
    "fk_attendance_member_id": ConstraintRefusal("NOT_FOUND", "The member does not exist.", ("attendances", "member")),
    "fk_attendance_department_id": ConstraintRefusal(
        "NOT_FOUND", "The department does not exist.", ("attendances", "department")
    ),
    "ck_opinion_role": ConstraintRefusal("INVALID_INPUT", "The role is not one of the list.", ("role",)),
}


class SessionPast(DomainError):
    """A session was to be put into the calendar for a day that is over."""

    code = "SESSION_PAST"

    def __init__(self, scheduled_at: datetime, today: date) -> None:
        super().__init__(
            f"{shown(scheduled_at)} is before today, {today}; schedule it for today and record when it was held.",
            path=("scheduled_at",),
        )
        self.scheduled_at = scheduled_at
        self.today = today


class NothingRescheduled(InvalidInput):
    """A session was to be changed, and nothing was said of how."""

    code = "NOTHING_RESCHEDULED"

    def __init__(self) -> None:
        super().__init__(
            "A session gets another time or another venue, or is postponed where that is asked for.",
            path=("scheduled_at",),
        )


class PostponedWithTime(InvalidInput):
    """A session was to be postponed until it gets a time, and given one."""

    code = "POSTPONED_WITH_TIME"

    def __init__(self) -> None:
        super().__init__("A session gets another time or is postponed until it gets one, not both.", path=("postpone",))


class AgendaEmpty(InvalidInput):
    """A session without a topic."""

    code = "AGENDA_EMPTY"

    def __init__(self) -> None:
        super().__init__("A session takes at least one topic.", path=("topics",))


class HeadcountTooSmall(InvalidInput):
    """More people are named than were counted."""

    code = "HEADCOUNT_TOO_SMALL"

    def __init__(self, headcount: int, named: int) -> None:
        super().__init__(f"{named} attendances are named, the headcount is {headcount}.", path=("headcount",))
        self.headcount = headcount
        self.named = named


class PublicNotPresent(DomainError):
    """A session on a key topic without anybody of the affected public is none that was held."""

    code = "PUBLIC_NOT_PRESENT"

    def __init__(self) -> None:
        super().__init__(
            "A session that takes a key topic needs at least one attendance of a RESIDENT or STAKEHOLDER.",
            path=("attendances",),
        )


class MinutesRecorded(DomainError):
    """Minutes are recorded once: what was written then is only put right, with a reason."""

    code = "MINUTES_RECORDED"

    def __init__(self) -> None:
        super().__init__(
            "The session has its minutes; what is wrong in them is put right by correctSession.", path=("minutes",)
        )


class MinutesEmpty(InvalidInput):
    """Minutes without a word."""

    code = "MINUTES_EMPTY"

    def __init__(self) -> None:
        super().__init__("Minutes say something.", path=("minutes",))


class SessionNotHeld(DomainError):
    """Opinions and minutes are of a session that was held."""

    code = "SESSION_NOT_HELD"

    def __init__(self, status: str) -> None:
        super().__init__(f"The session is {status}; what was said is added once it was held.", path=("session",))
        self.status = status


class TopicNotOnAgenda(DomainError):
    """The session took no such topic, or the topic was withdrawn."""

    code = "TOPIC_NOT_ON_AGENDA"

    def __init__(self, topic: str, *, path: tuple[str, ...]) -> None:
        super().__init__(f"The session did not take {topic}, or it was withdrawn.", path=path)
        self.topic = topic


class MemberNotPresent(DomainError):
    """Staff writes down what a member said who was there."""

    code = "MEMBER_NOT_PRESENT"

    def __init__(self, member: str, *, path: tuple[str, ...]) -> None:
        super().__init__(
            f"{member} is not among the session's attendances; who was not there adds their opinion themselves.",
            path=path,
        )
        self.member = member


class GuestNotOfDepartment(InvalidInput):
    """A department's people come in the part of a department or an enterprise."""

    code = "GUEST_NOT_OF_DEPARTMENT"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"A department's people come as DEPARTMENT or ENTERPRISE, not as {role}.", path=("attendances", "role")
        )
        self.role = role


class AuthorNotMember(InvalidInput):
    """A known member in another part than a member's."""

    code = "AUTHOR_NOT_MEMBER"

    def __init__(self, role: str, *, path: tuple[str, ...]) -> None:
        super().__init__(f"Who is named as a member is there as MEMBER, not as {role}.", path=path)
        self.role = role
