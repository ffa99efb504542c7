from services.core.errors import ConstraintRefusal, DomainError
from services.core.history import refusals_of

CONSTRAINTS = {
    **refusals_of("commitment"),
    "pk_outcome": ConstraintRefusal("DUPLICATE_ID", "An outcome with this id exists."),
    "ck_outcome_agreement_length": ConstraintRefusal(
        "INVALID_INPUT", "An agreement has 1 to 10,000 characters.", ("agreement",)
    ),
    "fk_outcome_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist.", ("topic",)),
    "fk_outcome_session_id": ConstraintRefusal("NOT_FOUND", "The session does not exist.", ("session",)),
    "fk_outcome_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_commitment": ConstraintRefusal("DUPLICATE_ID", "A commitment with this id exists."),
    "ck_commitment_task_length": ConstraintRefusal("INVALID_INPUT", "A task has 1 to 2,000 characters.", ("task",)),
    "ck_commitment_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a commitment's."),
    "fk_commitment_outcome_id": ConstraintRefusal("NOT_FOUND", "The outcome does not exist.", ("outcome",)),
    "fk_commitment_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist."),
    "fk_commitment_department_id": ConstraintRefusal("NOT_FOUND", "The department does not exist.", ("department",)),
    "fk_commitment_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_progress": ConstraintRefusal("DUPLICATE_ID", "A report with this id exists."),
    "ck_progress_percent_range": ConstraintRefusal("INVALID_INPUT", "A percentage is 0 to 100.", ("percent",)),
    "fk_progress_commitment_id": ConstraintRefusal("NOT_FOUND", "The commitment does not exist.", ("commitment",)),
}


class SessionNotOfTopic(DomainError):
    """The session did not take the topic, or was not held."""

    code = "SESSION_NOT_OF_TOPIC"

    def __init__(self, number: str) -> None:
        super().__init__(f"No session of this id that took topic {number} was held.", path=("session",))
        self.number = number
