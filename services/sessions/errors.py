from services.core.errors import ConstraintRefusal, InvalidInput
from services.core.history import refusals_of

CONSTRAINTS = {
    **refusals_of("session"),
    "pk_session": ConstraintRefusal("DUPLICATE_ID", "A session with this id exists."),
    "ck_session_held_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A session that was held, and no other, has the instant at which it was."
    ),
    "ck_session_headcount_not_negative": ConstraintRefusal(
        "INVALID_INPUT", "A headcount is 0 or more.", ("headcount",)
    ),
    "ck_session_bound_has_headcount": ConstraintRefusal(
        "INVALID_INPUT", "Only a headcount can be a lower bound.", ("headcount",)
    ),
    "ck_session_venue_length": ConstraintRefusal("INVALID_INPUT", "A venue has 1 to 200 characters.", ("venue",)),
    "ck_session_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a session's."),
    "ck_session_form": ConstraintRefusal("INVALID_INPUT", "The form is not one of a session's.", ("form",)),
    "fk_session_platform_id": ConstraintRefusal("NOT_FOUND", "The platform does not exist.", ("platform",)),
    "fk_session_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "fk_session_liaison_group_id": ConstraintRefusal(
        "NOT_FOUND", "The liaison group does not exist.", ("liaison_group",)
    ),
    "pk_session_topic": ConstraintRefusal("DUPLICATE_TOPIC", "A topic stands on an agenda once.", ("topics",)),
    "fk_session_topic_session_id": ConstraintRefusal("NOT_FOUND", "The session does not exist.", ("session",)),
    "fk_session_topic_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist.", ("topics",)),
    "pk_attendance": ConstraintRefusal("DUPLICATE_ID", "An attendance with this id exists."),
    "uq_attendance_session_id_position": ConstraintRefusal("INVALID_STATE", "An attendance's place is taken."),
    "ck_attendance_position_positive": ConstraintRefusal("INVALID_STATE", "An attendance's place starts at 1."),
    "ck_attendance_role": ConstraintRefusal("INVALID_INPUT", "The role is not one of the list.", ("attendances",)),
    "fk_attendance_session_id": ConstraintRefusal("NOT_FOUND", "The session does not exist.", ("session",)),
    "fk_attendance_member_id": ConstraintRefusal("NOT_FOUND", "The member does not exist.", ("attendances", "member")),
    "fk_attendance_department_id": ConstraintRefusal(
        "NOT_FOUND", "The department does not exist.", ("attendances", "department")
    ),
}


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
