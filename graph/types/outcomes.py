from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import CommitmentStatus
from graph.types.connections import Node
from graph.types.sessions import Session
from graph.types.topics import Topic

if TYPE_CHECKING:
    from graph.types.departments import Department


@strawberry.type(description="协商成果.")
class Outcome(Node):
    """What the parties agreed on."""

    topic: Topic
    session: Session | None
    agreement: str = strawberry.field(description="共识.")
    reached_on: date
    commitments: list["Commitment"]


@strawberry.type(description="承诺落实事项: what a department or company promised to do.")
class Commitment(Node):
    """What a department promised to do."""

    outcome: Outcome
    department: Annotated["Department", strawberry.lazy("graph.types.departments")]
    task: str
    due_on: date | None
    status: CommitmentStatus
    overdue: bool = strawberry.field(description="Past the due date and neither done nor declined.")
    progress: list["Progress"]
    evidence: list["Evidence"]


@strawberry.type(description="A department's report on a commitment (落实进展).")
class Progress:
    """A department's report on a commitment."""

    at: datetime
    percent: int | None
    note: str


@strawberry.type(description="A document's address and digest (佐证材料).")
class Evidence:
    """A document's address and digest."""

    at: datetime
    url: str
    sha256: str | None
    note: str | None
