from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import ParticipantRole, SessionForm, SessionStatus
from graph.types.connections import Connection, Node, paged
from graph.types.divisions import LiaisonGroup, Member
from graph.types.platforms import Platform
from graph.types.topics import Topic

if TYPE_CHECKING:
    from graph.types.departments import Department
    from graph.types.outcomes import Outcome


@strawberry.type(description="议事会. One session can take several topics and one topic several sessions.")
class Session(Node):
    """People sitting down over topics."""

    platform: Platform
    topics: list[Topic]
    status: SessionStatus
    scheduled_at: datetime
    held_at: datetime | None
    venue: str
    form: SessionForm
    convener: str | None
    liaison_group: LiaisonGroup | None
    attendances: Connection["Attendance"] = paged()
    headcount: int | None = strawberry.field(description="Everyone present, named in `attendances` or not.")
    minutes: str | None
    outcomes: list[Annotated["Outcome", strawberry.lazy("graph.types.outcomes")]]


@strawberry.type(description="Somebody who came to a session (参会人员).")
class Attendance:
    """Somebody who came to a session."""

    name: str | None = strawberry.field(description="For the staff of the place; null to others.")
    role: ParticipantRole
    member: Member | None
    department: Annotated["Department", strawberry.lazy("graph.types.departments")] | None
