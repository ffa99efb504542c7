"""Outcomes, commitments and conversions are put right; what they were stays in the trace and in their versions."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.core.act import Act
from services.core.actor import ACTS
from services.core.clock import china_day
from services.core.corrections import correct
from services.core.ids import node_id
from services.core.lookup import row_by_id
from services.outcomes.commands import held_on_first
from services.outcomes.conversions import converted_topics, source_day
from services.outcomes.events import CommitmentCorrected, ConversionCorrected, OutcomeCorrected
from services.outcomes.models import Conversion, Outcome
from services.outcomes.records import announce_commitment, lock_commitment
from services.outcomes.rules import (
    require_due_in_time,
    require_followed,
    require_reached_in_time,
    require_submitted_in_time,
)
from services.redactions.records import published
from services.search.records import keep_findable
from services.topics.records import about, authorized_topic, tell
from services.trace.acts import corrections_of

FOLLOWING = text("""
SELECT least(
    (SELECT min((assigned_at AT TIME ZONE 'Asia/Shanghai')::date) FROM commitment WHERE outcome_id = :outcome),
    (SELECT min(submitted_on) FROM conversion WHERE outcome_id = :outcome)
)
""")
"""The day on which something followed from an outcome first."""


async def correct_outcome(
    act: Act, *, outcome_id: UUID, reason: str, agreement: str | None, reached_on: date | None
) -> UUID:
    """What was agreed on, or when, is put right; what is None stays as it is. The topic's departments are told.

    Raises NotFound, Forbidden, NotYetHappened, TooEarly, TooLate, OutOfBounds, NothingCorrected, ConstraintViolated.
    """
    outcome = await row_by_id(act.tx, Outcome, outcome_id, "outcome")
    topic, role = await authorized_topic(act, outcome.topic_id)
    await act.tx.refresh(outcome, with_for_update=True)
    if reached_on is not None:
        held_on = await held_on_first(act.tx, topic, outcome.session_id)
        require_reached_in_time(reached_on, held_on, act.today())
        require_followed(reached_on, await act.tx.scalar(FOLLOWING, {"outcome": outcome.id}))
    changes = correct(outcome, {"agreement": agreement, "reached_on": reached_on}, reason=reason)
    await keep_findable(act.tx, outcome.id, text=(await published(act.tx, outcome))["agreement"])
    event = about(
        OutcomeCorrected,
        topic,
        outcome_id=node_id("outcome", outcome.id),
        agreement=outcome.agreement,
        reached_on=outcome.reached_on,
        reason=reason,
    )
    corrections = corrections_of(changes, reason)
    await tell(act, event, role=role, subject=("outcome", outcome.id), corrections=corrections)
    return outcome.id


async def correct_commitment(
    act: Act, *, commitment_id: UUID, reason: str, task: str | None, due_on: date | None
) -> UUID:
    """What a department is to do, or by when, is put right; what is None stays as it is. It is told.

    Raises NotFound, Forbidden, TooEarly, OutOfBounds, NothingCorrected, ConstraintViolated.
    """
    commitment = await lock_commitment(act.tx, commitment_id)
    role = act.actor.require(commitment.division_number, *ACTS)
    require_due_in_time(due_on, china_day(commitment.assigned_at))
    changes = correct(commitment, {"task": task, "due_on": due_on}, reason=reason)
    await announce_commitment(
        act, CommitmentCorrected, commitment, role=role, told=True, due_on=commitment.due_on,
        reason=reason, corrections=corrections_of(changes, reason),
    )  # fmt: skip
    return commitment.id


async def correct_conversion(
    act: Act, *, conversion_id: UUID, reason: str, title: str | None, submitted_on: date | None
) -> UUID:
    """The document's title, or when it was handed in, is put right; what is None stays as it is.

    Raises NotFound, Forbidden, NotYetHappened, TooEarly, OutOfBounds, NothingCorrected, ConstraintViolated.
    """
    conversion = await row_by_id(act.tx, Conversion, conversion_id, "conversion")
    role = act.actor.require(conversion.division_number, *ACTS)
    topics = await converted_topics(act.tx, conversion)
    await act.tx.refresh(conversion, with_for_update=True)
    if submitted_on is not None:
        require_submitted_in_time(submitted_on, await source_day(act.tx, conversion), act.today())
    changes = correct(conversion, {"title": title, "submitted_on": submitted_on}, reason=reason)
    corrections, subject = corrections_of(changes, reason), ("conversion", conversion.id)
    for topic in topics:
        event = about(ConversionCorrected, topic, conversion_id=node_id(*subject), reason=reason)
        await tell(act, event, [], role=role, subject=subject, corrections=corrections)
    return conversion.id
