import strawberry
from strawberry import ID

from graph.enums import FollowUpChannel, ParticipantRole
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.outcomes import FollowUp
from services.core.bounds import NAME, NOTE, SCORE
from services.outcomes import followups


@verb(followups.record_follow_up, gives=FollowUp, noun="follow-up")
class RecordFollowUp:
    """Say how one finds a fix, or record as staff what somebody else said when asked (回访); an answer takes the
    place of the one that the same person gave before.
    """

    topic: ID = refers_to("topic")
    role: ParticipantRole
    score: int = bounded(SCORE, "满意度.")
    confirms_fix: bool
    comment: str | None = bounded(NOTE)
    channel: FollowUpChannel | None = strawberry.field(
        description="How staff asked (回访方式); a resident leaves it out, or says ONLINE."
    )
    respondent: str | None = bounded(
        NAME,
        "Whom staff asked (回访对象), as a name or a label that staff alone reads: it tells one person from another. "
        "Who answers for themselves leaves it out.",
        private=True,
    )
