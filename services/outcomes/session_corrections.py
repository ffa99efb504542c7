"""What is recorded of a session is put right, as far as what followed from it allows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS
from services.core.chronology import Milestone, require_not_after
from services.core.clock import china_day
from services.core.corrections import Changes, correct
from services.core.transaction import WriteTx
from services.sessions.calendar import settle_calendar
from services.sessions.enums import SessionStatus
from services.sessions.errors import HeadcountTooSmall, SessionNotHeld
from services.sessions.events import SessionCorrected
from services.sessions.models import Attendance, Opinion, Session
from services.sessions.records import announce_session, authorized_session, standing
from services.sessions.rules import require_held_in_time
from services.topics.models import Topic
from services.trace.acts import corrections_of

FOLLOWING = text("""
SELECT least(
    (SELECT min(reached_on) FROM outcome WHERE session_id = :session),
    (SELECT min(reached_on) FROM outcome JOIN session_topic AS agenda ON agenda.topic_id = outcome.topic_id
     WHERE agenda.session_id = :session AND outcome.session_id IS NULL AND NOT EXISTS (
        SELECT FROM session_topic AS other JOIN session ON session.id = other.session_id
        WHERE other.topic_id = outcome.topic_id AND session.id <> :session
          AND (session.held_at AT TIME ZONE 'Asia/Shanghai')::date <= outcome.reached_on)),
    (SELECT min(submitted_on) FROM conversion JOIN opinion ON opinion.id = conversion.opinion_id
     WHERE opinion.session_id = :session AND opinion.at = :held_at)
)
""")
"""The day on which something followed first: an outcome that no other session led to, a conversion of what was said."""

TOLD = frozenset({"held_at", "headcount", "venue"})
"""What departments are told of a session that was held."""


async def correct_session(  # noqa: PLR0913 -- the facts of a session held
    act: Act,
    *,
    session_id: UUID,
    reason: str,
    held_at: datetime | None,
    venue: str | None,
    headcount: int | None,
    headcount_is_lower_bound: bool | None,
    minutes: str | None,
) -> UUID:
    """What is recorded of a session that was held is put right; what is None stays as it is.

    What was said in it was said when it was held. Departments are told where they were told it before. Returns its id.
    Raises NotFound, Forbidden, SessionNotHeld, NotYetHappened, TooEarly, TooLate, HeadcountTooSmall, OutOfBounds,
    NothingCorrected, ConstraintViolated.
    """
    session, agenda, role = await authorized_session(act, session_id, *ACTS)
    if session.status is not SessionStatus.HELD:
        raise SessionNotHeld(session.status)
    if held_at is not None:
        await _require_in_time(act, session, standing(agenda), held_at)
    if headcount is not None:
        await _require_counted(act.tx, session, headcount)
    given = {
        "held_at": held_at,
        "venue": venue,
        "headcount": headcount,
        "headcount_is_lower_bound": headcount_is_lower_bound,
        "minutes": minutes.strip() if minutes is not None else None,
    }
    changes = correct(session, given, reason=reason)
    await _follow(act.tx, session, agenda, changes)
    topics = standing(agenda)
    corrections, told = corrections_of(changes, reason), bool(TOLD & changes.keys())
    await announce_session(
        act, SessionCorrected, session, topics, role, told=told, corrections=corrections,
        held_at=session.held_at, headcount=session.headcount, reason=reason,
    )  # fmt: skip
    return session.id


async def _require_in_time(act: Act, session: Session, topics: Sequence[Topic], held_at: datetime) -> None:
    """Require that the session was held after what it follows from and before what followed from it.

    Raises NotYetHappened, TooEarly, TooLate.
    """
    require_held_in_time(held_at, [topic.proposed_at for topic in topics], act.now())
    following = await act.tx.scalar(FOLLOWING, {"session": session.id, "held_at": session.held_at})
    require_not_after(china_day(held_at), following, Milestone.FOLLOWED, path="held_at")


async def _require_counted(tx: WriteTx, session: Session, headcount: int) -> None:
    """Require that not more people are named than came. Raises HeadcountTooSmall."""
    named = await tx.scalar(select(func.count()).where(col(Attendance.session_id) == session.id))
    if headcount < (named or 0):
        raise HeadcountTooSmall(headcount, named or 0)


async def _follow(tx: WriteTx, session: Session, agenda: Sequence[Topic], changes: Changes) -> None:
    """What was said in the session, and when its topics are scheduled, follow another instant at which it was held."""
    if "held_at" not in changes:
        return
    before, _ = changes["held_at"]
    said = update(Opinion).where(col(Opinion.session_id) == session.id, col(Opinion.at) == before)
    await tx.execute(said.values(at=session.held_at).execution_options(synchronize_session=False))
    await settle_calendar(tx, agenda)
    for topic in agenda:
        topic.version += 1
