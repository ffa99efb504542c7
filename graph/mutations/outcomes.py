from datetime import date

from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.outcomes import Outcome
from services.core.bounds import AGREEMENT
from services.outcomes import commands


@verb(commands.record_outcome, gives=Outcome)
class RecordOutcome:
    """Record what the parties agreed on (登记协商成果); the topic is being implemented."""

    topic: ID = refers_to("topic")
    session: ID | None = refers_to("session")
    agreement: str = bounded(AGREEMENT)
    reached_on: date | None
