from datetime import date, datetime
from functools import partial

import strawberry
from strawberry import ID

from graph.enums import Category
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.outcomes import Commitment, Conversion, Outcome
from graph.types.sessions import Session
from graph.types.topics import Topic
from services.core.bounds import AGREEMENT, HEADCOUNT, MINUTES, NOTE, PROSE, TITLE
from services.outcomes import corrections, session_corrections
from services.topics.corrections import correct_topic

correction = partial(verb, takes=": what is left out or null stays as it is.")

WHY = "Why (更正原因); it stands in the trace."


@correction(correct_topic, gives=Topic)
class CorrectTopic:
    """Put right what a topic says of itself (更正议题).

    What it was stays in the trace and in `asOf`; it is found by its new words, and its departments are told another
    title.
    """

    topic: ID = refers_to("topic")
    reason: str = bounded(NOTE, WHY)
    title: str | None = bounded(TITLE)
    summary: str | None = bounded(PROSE)
    category: Category | None


@correction(session_corrections.correct_session, gives=Session)
class CorrectSession:
    """Put right what is recorded of a session that was held (更正议事会记录): when, where, how many came, the minutes.

    What it was stays in the trace and in `asOf`; figures follow, and departments are told where they were told it.
    """

    session: ID = refers_to("session")
    reason: str = bounded(NOTE, WHY)
    held_at: datetime | None = strawberry.field(
        description="Not still to come, nor before a topic was proposed or after what followed from the session."
    )
    venue: str | None = bounded(TITLE)
    headcount: int | None = bounded(HEADCOUNT, "Everyone present; not fewer than are named.")
    headcount_is_lower_bound: bool | None = strawberry.field(description="True for 'more than'.")
    minutes: str | None = bounded(MINUTES)


@correction(corrections.correct_outcome, gives=Outcome)
class CorrectOutcome:
    """Put right what the parties agreed on, or when (更正协商成果).

    What it was stays in the trace and in `asOf`; the topic's departments are told.
    """

    outcome: ID = refers_to("outcome")
    reason: str = bounded(NOTE, WHY)
    agreement: str | None = bounded(AGREEMENT)
    reached_on: date | None = strawberry.field(
        description="Not still to come, nor before its session or after what followed from it."
    )


@correction(corrections.correct_commitment, gives=Commitment)
class CorrectCommitment:
    """Put right what a department is to do, or by when (更正落实事项).

    What it was stays in the trace and in `asOf`; the department is told.
    """

    commitment: ID = refers_to("commitment")
    reason: str = bounded(NOTE, WHY)
    task: str | None = bounded(NOTE)
    due_on: date | None = strawberry.field(description="Not before the day on which it was assigned.")


@correction(corrections.correct_conversion, gives=Conversion)
class CorrectConversion:
    """Put right a document's title, or when it was handed in (更正成果转化).

    What it was stays in the trace and in `asOf`; figures follow.
    """

    conversion: ID = refers_to("conversion")
    reason: str = bounded(NOTE, WHY)
    title: str | None = bounded(TITLE)
    submitted_on: date | None = strawberry.field(
        description="Not still to come, nor before what was converted came about."
    )
