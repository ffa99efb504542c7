from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.notices.events import TopicEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(TopicEvent):
    """What the parties agreed on stands recorded."""

    type: ClassVar[str] = "outcome.recorded"

    outcome_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentEvent(TopicEvent):
    """A fact about a commitment, of which only its department is told."""

    commitment_id: Annotated[
        str,
        Field(
            description="The commitment's global id, as the GraphQL API takes it (承诺落实事项).",
            pattern="^commitment_",
            examples=["commitment_01a2078e-dbe2-7b1c-8a8d-5d0c9d2f4e61"],
        ),
    ]
    task: Annotated[str, Field(description="What is to be done.", examples=["重新勘定步道占用的林地界址"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentAssigned(CommitmentEvent):
    """The department is to do something about the topic; only it is told (交办落实事项)."""

    type: ClassVar[str] = "commitment.assigned"

    due_on: Annotated[
        date | None, Field(description="The last day for it; null where none is set.", examples=["2026-12-15"])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDue(CommitmentEvent):
    """The department's commitment is due soon, or overdue; only it is told, once of each (落实事项到期提醒)."""

    type: ClassVar[str] = "commitment.due"

    due_on: Annotated[date, Field(description="The last day for it.", examples=["2026-12-15"])]
    overdue: Annotated[bool, Field(description="Whether that day is past (逾期).", examples=[False])]
