from collections.abc import Mapping

from services.core.errors import ConstraintRefusal, DomainError, InvalidInput, NotAllowed

CONSTRAINTS = {
    "fk_outcome_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "ck_commitment_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a commitment's."),
    "fk_commitment_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist."),
    "fk_commitment_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_progress": ConstraintRefusal("DUPLICATE_ID", "A report with this id exists."),
    "ck_verdict_dispute_has_reason": ConstraintRefusal("INVALID_INPUT", "A dispute has a reason.", ("reason",)),
    "ck_verdict_role": ConstraintRefusal("INVALID_INPUT", "The role is not one of the list.", ("role",)),
    "ck_conversion_one_source": ConstraintRefusal("INVALID_STATE", "A conversion is of one outcome or one opinion."),
    "ck_conversion_kind": ConstraintRefusal("INVALID_INPUT", "The kind is not one of the list.", ("kind",)),
    "uq_conversion_outcome_id_kind": ConstraintRefusal(
        "ALREADY_CONVERTED", "The outcome became a document of this kind before.", ("kind",)
    ),
    "uq_conversion_opinion_id_kind": ConstraintRefusal(
        "ALREADY_CONVERTED", "The opinion became a document of this kind before.", ("kind",)
    ),
    "fk_conversion_author_id": ConstraintRefusal("NOT_FOUND", "The member does not exist.", ("author",)),
    "fk_conversion_platform_id": ConstraintRefusal("NOT_FOUND", "The platform does not exist."),
    "fk_conversion_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "pk_follow_up": ConstraintRefusal("DUPLICATE_ID", "A follow-up with this id exists."),
    "ck_follow_up_role": ConstraintRefusal("INVALID_INPUT", "The role is not one of the list.", ("role",)),
    "ck_follow_up_channel": ConstraintRefusal("INVALID_INPUT", "The channel is not one of the list.", ("channel",)),
    "ck_follow_up_recorded_by": ConstraintRefusal("INVALID_STATE", "A follow-up is recorded by staff of the place."),
    "ck_follow_up_recorded_by_staff": ConstraintRefusal(
        "INVALID_STATE", "Who answers themselves does so ONLINE; staff records what came otherwise.", ("channel",)
    ),
    "ck_follow_up_own_has_subject": ConstraintRefusal(
        "INVALID_STATE", "An answer is the caller's own, or staff's record of somebody else's."
    ),
    "ck_follow_up_recorded_has_respondent": ConstraintRefusal(
        "INVALID_STATE", "Staff names a respondent; who answers themselves names nobody.", ("respondent",)
    ),
    "uq_follow_up_topic_id_subject": ConstraintRefusal("CONFLICT", "The caller answered at the same time."),
    "uq_follow_up_topic_id_respondent": ConstraintRefusal("CONFLICT", "The respondent's answer was recorded just now."),
    "fk_follow_up_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
}


class SessionNotOfTopic(DomainError):
    """The session did not take the topic, or was not held."""

    code = "SESSION_NOT_OF_TOPIC"

    def __init__(self, number: str) -> None:
        super().__init__(f"No session of this id that took topic {number} was held.", path=("session",))
        self.number = number


class FilingDecided(DomainError):
    """Whether a case is opened on a conversion was decided before."""

    code = "FILING_DECIDED"

    def __init__(self, *, filed: bool) -> None:
        decided = "a case was opened on it" if filed else "no case was opened on it"
        super().__init__(f"The conversion is decided: {decided}.", path=("filed",))
        self.filed = filed


class OwnDocument(NotAllowed):
    """Nobody decides whether a case is opened on what they said or wrote themselves."""

    code = "OWN_DOCUMENT"

    def __init__(self) -> None:
        super().__init__("The document is the caller's own; somebody else decides on it.", path=("conversion",))


class NotOfThePublic(InvalidInput):
    """A resident answers a follow-up as one of the public."""

    code = "NOT_OF_THE_PUBLIC"

    def __init__(self, role: str) -> None:
        super().__init__(f"A resident answers as RESIDENT or STAKEHOLDER, not as {role}.", path=("role",))
        self.role = role


class ChannelMissing(InvalidInput):
    """Staff says how it asked whom it records."""

    code = "CHANNEL_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "Staff records what somebody else said: channel says how they were asked, as TELEPHONE or VISIT.",
            path=("channel",),
        )


class RespondentMissing(InvalidInput):
    """Staff tells those whom it asked apart."""

    code = "RESPONDENT_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "Staff says whom it asked, by a name or a label that tells one person from another on this topic.",
            path=("respondent",),
        )


class RespondentNotAsked(InvalidInput):
    """A person who answers for themselves names somebody else."""

    code = "RESPONDENT_NOT_ASKED"

    def __init__(self) -> None:
        super().__init__("Who answers ONLINE answers for themselves and names no respondent.", path=("respondent",))


class OwnWork(NotAllowed):
    """A person who worked on something, or acts for the department that did, may not judge it."""

    code = "OWN_WORK"

    def __init__(self, path: str) -> None:
        super().__init__(
            "The caller worked on this, or acts for the department that did; somebody else looks at it.", path=(path,)
        )


class CommitmentsOpen(DomainError):
    """A topic with commitments that nobody fulfilled is resolved for a reason."""

    code = "COMMITMENTS_OPEN"

    def __init__(self, commitments: Mapping[str, str]) -> None:
        named = ", ".join(f"{key} is {status}" for key, status in commitments.items())
        super().__init__(
            f"Settle these commitments first, or say in openCommitments why each stays open: {named}.",
            path=("open_commitments",),
        )
        self.commitments = commitments


class CommitmentNotOpen(DomainError):
    """A reason is given once for each commitment of the topic that is open."""

    code = "COMMITMENT_NOT_OPEN"

    def __init__(self, commitment: str) -> None:
        super().__init__(
            f"{commitment} is named twice, or is no open commitment of the topic.",
            path=("open_commitments", "commitment"),
        )
        self.commitment = commitment


class NothingToFollowUp(DomainError):
    """Nothing was begun on the topic that people could be asked about."""

    code = "NOTHING_TO_FOLLOW_UP"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Topic {number} is {status}; people are asked once it is being implemented.", path=("topic",))
        self.number = number
        self.status = status
