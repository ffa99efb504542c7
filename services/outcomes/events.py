from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.notices.events import TopicEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(TopicEvent):
    """What the parties agreed on stands recorded."""

    type: ClassVar[str] = "outcome.recorded"

    outcome_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentAssigned(TopicEvent):
    """The department is to do something about the topic."""

    type: ClassVar[str] = "commitment.assigned"

    commitment_id: str
    task: str
    due_on: date | None
