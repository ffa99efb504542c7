"""What the public reads of an opinion."""

from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS
from services.core.lookup import row_by_id
from services.redactions.enums import RedactedField
from services.redactions.records import WITHHELD, redact
from services.sessions.models import Opinion, Session
from services.sessions.records import agenda_of
from services.trace.acts import summary_of
from services.trace.record import record


async def redact_opinion(act: Act, *, opinion_id: UUID, reason: str, text: str | None) -> UUID:
    """Everybody but staff reads another text of the opinion, or none of it where none is given.

    Returns the opinion's id. Raises NotFound, Forbidden, ConstraintViolated.
    """
    opinion = await row_by_id(act.tx, Opinion, opinion_id, "opinion")
    session = await act.tx.get_one(Session, opinion.session_id)
    role = act.actor.require(session.division_number, *ACTS)
    topics = await agenda_of(act.tx, session)
    await act.tx.refresh(opinion, with_for_update=True)
    await redact(act, opinion.id, {RedactedField.TEXT: text or WITHHELD})
    entry = "opinion.redacted"
    for topic in sorted(topics, key=lambda one: one.id):
        if opinion.topic_id in {None, topic.id}:
            await record(
                act, role=role, entry=entry, summary=summary_of(entry, {"reason": reason}),
                subject=("opinion", opinion.id), topic_id=topic.id,
            )  # fmt: skip
    return opinion.id
