from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from services.core.act import Act
from services.core.clock import china_day
from services.core.ids import node_id
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.departments.records import department_by_code
from services.outcomes.enums import CommitmentStatus
from services.outcomes.errors import SessionNotOfTopic
from services.outcomes.events import CommitmentAssigned
from services.outcomes.models import Commitment, Outcome
from services.outcomes.records import agreed, announce_commitment
from services.outcomes.rules import require_due_in_time, require_reached_in_time
from services.search.enums import SearchKind
from services.search.records import make_findable
from services.sessions.models import Session, SessionTopic
from services.topics.models import Topic
from services.topics.records import authorized_topic, move, tell


async def record_outcome(  # noqa: PLR0913 -- the facts of an outcome
    act: Act,
    *,
    topic_id: UUID,
    session_id: UUID | None,
    agreement: str,
    reached_on: date | None,
    expected_version: int | None,
) -> UUID:
    """What the parties agreed on stands recorded, the topic is being implemented, and its departments are told.

    Without a session it was reached on the day on which the topic's first one was held, or later. Returns the outcome's
    id. Raises NotFound, Forbidden, VersionConflict, IllegalTransition, SessionNotOfTopic, NotYetHappened, TooEarly.
    """
    topic, role = await authorized_topic(act, topic_id, expected_version)
    held_on, today = await held_on_first(act.tx, topic, session_id), act.today()
    require_reached_in_time(reached_on or today, held_on, today)
    move(topic, "implement")
    outcome = Outcome(
        topic_id=topic.id,
        session_id=session_id,
        division_number=topic.division_number,
        agreement=agreement,
        reached_on=reached_on or today,
    )
    act.tx.add(outcome)
    await make_findable(
        act.tx, SearchKind.OUTCOME, outcome.id, division_number=outcome.division_number, text=outcome.agreement
    )
    await tell(act, agreed(topic, outcome), role=role, subject=("outcome", outcome.id))
    return outcome.id


async def assign_commitment(act: Act, *, outcome_id: UUID, department: str, task: str, due_on: date | None) -> UUID:
    """The department is to do something about the outcome, and is told.

    Returns the commitment's id. Raises NotFound, Forbidden, IllegalTransition, TooEarly.
    """
    outcome = await row_by_id(act.tx, Outcome, outcome_id, "outcome")
    topic, role = await authorized_topic(act, outcome.topic_id)
    require_due_in_time(due_on, act.today())
    move(topic, "implement")
    responsible = await department_by_code(act.tx, department)
    commitment = Commitment(
        outcome_id=outcome.id,
        topic_id=topic.id,
        department_id=responsible.id,
        division_number=topic.division_number,
        task=task,
        due_on=due_on,
        status=CommitmentStatus.ASSIGNED,
        assigned_at=act.now(),
    )
    act.tx.add(commitment)
    await announce_commitment(
        act, CommitmentAssigned, commitment, role=role, told=True, due_on=due_on,
        outcome_id=node_id("outcome", outcome.id), agreement=outcome.agreement,
    )  # fmt: skip
    return commitment.id


async def held_on_first(tx: WriteTx, topic: Topic, session_id: UUID | None) -> date | None:
    """Return the day on which the session was held, or the first one that took the topic where none is given.

    None where none took it. Raises SessionNotOfTopic where the session given did not, or was not held.
    """
    held = select(func.min(col(Session.held_at))).join(SessionTopic, col(SessionTopic.session_id) == Session.id)
    held = held.where(col(SessionTopic.topic_id) == topic.id)
    if session_id is not None:
        held = held.where(col(Session.id) == session_id)
    held_at: datetime | None = await tx.scalar(held)
    if held_at is None and session_id is not None:
        raise SessionNotOfTopic(topic.number)
    return china_day(held_at) if held_at else None
