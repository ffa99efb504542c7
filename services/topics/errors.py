from services.core.errors import ConstraintRefusal, DomainError

CONSTRAINTS = {
    "uq_topic_number": ConstraintRefusal("TOPIC_NUMBER_TAKEN", "A topic with this number exists."),
    "ck_topic_number_form": ConstraintRefusal("INVALID_STATE", "A number has capitals, digits and hyphens."),
    "ck_topic_version_positive": ConstraintRefusal("INVALID_STATE", "A topic's version starts at 1."),
    "ck_topic_kind": ConstraintRefusal("INVALID_INPUT", "A topic is KEY or MICRO.", ("kind",)),
    "ck_topic_category": ConstraintRefusal("INVALID_INPUT", "The category is not one of the list.", ("category",)),
    "ck_topic_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a topic's."),
    "ck_topic_listed_has_instant": ConstraintRefusal("INVALID_STATE", "A listed topic has the instant of its listing."),
    "ck_topic_resolved_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A resolved topic, and no other, has the instant of its resolution."
    ),
    "ck_topic_withdrawn_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A withdrawn topic, and no other, has the instant of its withdrawal."
    ),
    "ck_topic_scheduled_for_next_session": ConstraintRefusal(
        "INVALID_STATE", "A topic is scheduled for when its next session begins."
    ),
    "fk_topic_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_topic_number": ConstraintRefusal("CONFLICT", "The county's running number was taken at the same time."),
    "uq_involvement_current": ConstraintRefusal(
        "ALREADY_INVOLVED", "The department is involved in this topic already.", ("department",)
    ),
    "uq_involvement_one_lead": ConstraintRefusal(
        "LEAD_TAKEN",
        "The topic has a lead department already; release it first or involve this one otherwise.",
        ("role",),
    ),
    "ck_involvement_until_after_since": ConstraintRefusal("INVALID_STATE", "A release cannot precede the involvement."),
    "ck_involvement_role": ConstraintRefusal("INVALID_INPUT", "A role is LEAD, SUPPORT or INFORMED.", ("role",)),
    "pk_evidence": ConstraintRefusal("DUPLICATE_ID", "Evidence with this id exists."),
    "ck_evidence_one_subject": ConstraintRefusal("INVALID_STATE", "Evidence is of one topic or of one commitment."),
    "ck_evidence_sha256_form": ConstraintRefusal(
        "INVALID_INPUT", "A SHA-256 has 64 hexadecimal digits.", ("evidence", "sha256")
    ),
}


class NotInvolved(DomainError):
    """The department has no part in the topic."""

    code = "NOT_INVOLVED"

    def __init__(self, department: str, number: str) -> None:
        super().__init__(f"The department {department} is not involved in topic {number}.", path=("department",))
        self.department = department
        self.number = number


class TopicClosed(DomainError):
    """The topic is resolved or withdrawn: what belongs to an open topic cannot be done."""

    code = "TOPIC_CLOSED"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Topic {number} is {status}; this is possible while it is open.")
        self.number = number
        self.status = status


class EvidenceMissing(DomainError):
    """A topic cannot be called resolved, nor a commitment completed, without evidence."""

    code = "EVIDENCE_MISSING"

    def __init__(self, act: str) -> None:
        super().__init__(f"{act} with at least one piece of evidence.", path=("evidence",))
