"""What the public reads of a follow-up."""

from uuid import UUID

from services.core.act import Act
from services.core.lookup import row_by_id
from services.outcomes.models import FollowUp
from services.redactions.enums import RedactedField
from services.redactions.records import WITHHELD, redact
from services.topics.records import authorized_topic
from services.trace.acts import summary_of
from services.trace.record import record


async def redact_follow_up(act: Act, *, follow_up_id: UUID, reason: str, comment: str | None) -> UUID:
    """Everybody but staff and whoever answered reads another comment, or none of it where none is given.

    It holds for the answer that stands and for those that it replaced, and not for a later one of the same person.
    Returns the follow-up's id. Raises NotFound, Forbidden, ConstraintViolated.
    """
    answer = await row_by_id(act.tx, FollowUp, follow_up_id, "followup")
    topic, role = await authorized_topic(act, answer.topic_id)
    await act.tx.refresh(answer, with_for_update=True)
    await redact(act, answer.id, {RedactedField.COMMENT: comment or WITHHELD})
    entry = "followup.redacted"
    await record(
        act, role=role, entry=entry, summary=summary_of(entry, {"reason": reason}),
        subject=("followup", answer.id), topic_id=topic.id,
    )  # fmt: skip
    return answer.id
