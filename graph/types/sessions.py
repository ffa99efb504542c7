from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import ParticipantRole, SessionForm, SessionStatus
from graph.inputs.filters import filter_input, order_input
from graph.types.connections import Connection, Node, paged
from graph.types.divisions import LiaisonGroup, Member
from graph.types.platforms import Platform
from graph.types.topics import Topic
from graph.types.words import as_published, as_written

if TYPE_CHECKING:
    from graph.types.departments import Department
    from graph.types.outcomes import Conversion, Outcome


SessionFilter = filter_input(
    "Session",
    ("within", "platform", "status", "scheduled", "held", "department", "minutes_overdue"),
    combined=True,
    held="Held from an instant until another (召开时间).",
    department="Code of a department involved in one of its topics.",
)
SessionOrder = order_input(
    "Session",
    *("scheduled_at", "held_at", "headcount"),
    held_at="By when they were held (召开时间); what was not stands last.",
)


@strawberry.type(description="议事会. One session can take several topics and one topic several sessions.")
class Session(Node):
    platform: Platform
    topics: list[Topic]
    status: SessionStatus
    scheduled_at: datetime
    held_at: datetime | None
    venue: str = as_written("地点")
    published_venue: str = as_published("地点")
    form: SessionForm
    convener: str | None = as_written("召集人")
    published_convener: str | None = as_published("召集人")
    liaison_group: LiaisonGroup | None
    attendances: Connection["Attendance"] | None = paged()
    headcount: int | None = strawberry.field(description="Everyone present, named in `attendances` or not.")
    minutes: str | None = as_written("会议记录")
    published_minutes: str | None = as_published("会议记录")
    minutes_overdue: bool = strawberry.field(
        description="Whether it was held longer ago than the installation allows, 7 days where nothing else is set, "
        "and has no minutes (会议记录超期)."
    )
    opinions: list["Opinion"]
    outcomes: list[Annotated["Outcome", strawberry.lazy("graph.types.outcomes")]]


@strawberry.type(description="Somebody who came to a session (参会人员).")
class Attendance:
    name: str | None = strawberry.field(description="For the staff of the place; null to others.")
    role: ParticipantRole
    member: Member | None
    department: Annotated["Department", strawberry.lazy("graph.types.departments")] | None


@strawberry.type(description="意见: what somebody said in a session or after it.")
class Opinion(Node):
    session: Session | None
    topic: Topic | None = strawberry.field(
        description="The topic that it is on; null where it is on the whole session."
    )
    role: ParticipantRole = strawberry.field(description="In which part its author spoke.")
    member: Member | None = strawberry.field(description="Its author, where that is a known member.")
    at: datetime = strawberry.field(description="When it was given: in the session, or later.")
    text: str = as_written("意见内容")
    published_text: str = as_published("意见内容")
    conversions: list[Annotated["Conversion", strawberry.lazy("graph.types.outcomes")]]
