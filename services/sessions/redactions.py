"""What the public reads of a session and of an opinion."""

from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS
from services.core.lookup import row_by_id
from services.redactions.records import redact
from services.sessions.models import Opinion, Session
from services.sessions.records import agenda_of
from services.topics.redactions import tell_redacted


async def redact_session(  # noqa: PLR0913 -- the words of a session
    act: Act, *, session_id: UUID, reason: str, venue: str | None, convener: str | None, minutes: str | None
) -> UUID:
    """Everybody but staff reads other words of the session; what is None stays as it is.

    Returns its id. Raises NotFound, Forbidden, NothingToRedact, NothingCorrected, ConstraintViolated.
    """
    session = await row_by_id(act.tx, Session, session_id, "session")
    role = act.actor.require(session.division_number, *ACTS)
    topics = await agenda_of(act.tx, session.id)
    await act.tx.refresh(session, with_for_update=True)
    await redact(act, session, {"venue": venue and venue.strip(), "convener": convener, "minutes": minutes})
    await tell_redacted(act, topics, session, role=role, reason=reason)
    return session.id


async def redact_opinion(act: Act, *, opinion_id: UUID, reason: str, text: str | None) -> UUID:
    """Everybody but staff reads another text of the opinion, or none of it where none is given.

    Returns the opinion's id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    opinion = await row_by_id(act.tx, Opinion, opinion_id, "opinion")
    session = await act.tx.get_one(Session, opinion.session_id)
    role = act.actor.require(session.division_number, *ACTS)
    topics = [topic for topic in await agenda_of(act.tx, session.id) if opinion.topic_id in {None, topic.id}]
    await act.tx.refresh(opinion, with_for_update=True)
    await redact(act, opinion, {"text": text}, withhold=True)
    await tell_redacted(act, topics, opinion, role=role, reason=reason)
    return opinion.id
