from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import CommitmentStatus, ConversionKind, FollowUpChannel, ParticipantRole, Role
from graph.inputs.filters import filter_input, order_input
from graph.types.connections import Node
from graph.types.divisions import Member
from graph.types.sessions import Opinion, Session
from graph.types.topics import Topic
from graph.types.words import as_published, as_written

if TYPE_CHECKING:
    from graph.types.departments import Department


OutcomeFilter = filter_input("Outcome", ("within", "reached"), reached="Reached from a day until another (达成日期).")
OutcomeOrder = order_input("Outcome", "reached_on")
CommitmentFilter = filter_input(
    "Commitment",
    ("within", "department", "status", "overdue", "due", "assigned"),
    assigned="Assigned from an instant until another (交办时间).",
)
CommitmentOrder = order_input(
    "Commitment", "due_on", "assigned_at", assigned_at="By when they were assigned (交办时间)."
)


@strawberry.type(description="协商成果.")
class Outcome(Node):
    topic: Topic
    session: Session | None
    agreement: str = as_written("共识")
    published_agreement: str = as_published("共识")
    reached_on: date
    commitments: list["Commitment"]
    conversions: list["Conversion"]


@strawberry.type(description="承诺落实事项: what a department or company promised to do.")
class Commitment(Node):
    outcome: Outcome
    department: Annotated["Department", strawberry.lazy("graph.types.departments")]
    task: str = as_written("事项")
    published_task: str = as_published("事项")
    due_on: date | None
    assigned_at: datetime = strawberry.field(description="When it was assigned to the department (交办时间).")
    answered_at: datetime | None = strawberry.field(
        description="When the department accepted or declined it (答复时间); null until then."
    )
    completed_at: datetime | None = strawberry.field(
        description="When it was last called done (办结时间); null before, and where that is disputed."
    )
    status: CommitmentStatus
    overdue: bool = strawberry.field(description="Past the due date and neither done, declined nor withdrawn.")
    progress: list["Progress"]
    evidence: list["Evidence"]
    verdicts: list["Verdict"] = strawberry.field(description="What those who looked at it said, oldest first.")


@strawberry.type(description="A department's report on a commitment (落实进展).")
class Progress(Node):
    at: datetime
    percent: int | None
    note: str = as_written("进展说明")
    published_note: str = as_published("进展说明")


@strawberry.type(description="A document's address and digest (佐证材料).")
class Evidence(Node):
    at: datetime
    url: str = as_written("网址", "No address where it was withheld.")
    published_url: str = as_published("网址", "No address where it was withheld.")
    sha256: str | None
    note: str | None = as_written("材料说明")
    published_note: str | None = as_published("材料说明")


@strawberry.type(description="What a resident or staff found of a commitment that was called done (核实, 异议).")
class Verdict(Node):
    at: datetime
    role: ParticipantRole = strawberry.field(description="RESIDENT, or CADRE for staff of the place.")
    fulfilled: bool = strawberry.field(description="Whether it was found done; false for a dispute.")
    note: str | None = as_written("核实意见", "Of a dispute its reason.")
    published_note: str | None = as_published("核实意见")


ConversionSource = Annotated[
    Outcome | Opinion, strawberry.union("ConversionSource", description="What was converted: 协商成果 or 意见.")
]


@strawberry.type(description="成果转化: a document that an outcome or opinion became, counted once for its kind.")
class Conversion(Node):
    kind: ConversionKind
    title: str = as_written("标题")
    published_title: str = as_published("标题")
    submitted_on: date
    filed: bool | None = strawberry.field(description="Whether a case was opened on it (立案); null until decided.")
    author: Member | None
    source: ConversionSource = strawberry.field(
        description="What was converted. `outcome` and `opinion` give the same by its type."
    )
    outcome: Outcome | None = strawberry.field(description="What was converted where it is an outcome (协商成果).")
    opinion: Opinion | None = strawberry.field(description="What was converted where it is an opinion (意见).")


@strawberry.type(
    description="回访: a person's standing answer when asked later how they find a topic's fix, 满意度 1 to 5."
)
class FollowUp(Node):
    at: datetime
    role: ParticipantRole
    score: int = strawberry.field(description="满意度, 1 to 5.")
    confirms_fix: bool = strawberry.field(description="Whether they say that the fix holds.")
    comment: str | None = as_written("留言", whose="staff of the place and whoever said it")
    published_comment: str | None = as_published("留言")
    channel: FollowUpChannel = strawberry.field(description="How the answer came (回访方式).")
    recorded_by: Role | None = strawberry.field(
        description="The role of the staff who recorded it (由工作人员代录); null where the person answered themselves."
    )
    respondent: str | None = strawberry.field(
        description="What staff calls whom it asked (回访对象); null to all but staff of the place."
    )
