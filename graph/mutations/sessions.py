from datetime import datetime

import strawberry
from strawberry import ID

from graph.enums import ParticipantRole, SessionForm
from graph.inputs.fields import bounded, input_type, refers_to
from graph.mutations.verb import verb
from graph.types.sessions import Opinion, Session
from services.core.bounds import (
    AGENDA,
    ATTENDANCES,
    CODE,
    HEADCOUNT,
    MINUTES,
    MINUTES_OR_NONE,
    NAME,
    NOTE,
    OPINIONS,
    PROSE,
    TITLE,
)
from services.sessions import commands, held


@verb(commands.schedule_session, gives=Session)
class ScheduleSession:
    """Put a session in the calendar (安排议事会) that takes topics; their departments are told."""

    platform: ID = refers_to("platform")
    topics: list[ID] = refers_to("topic", bound=AGENDA)
    scheduled_at: datetime = strawberry.field(
        description="Today or later, in China. Of a session that was held before it stood here `recordSession` tells "
        "when."
    )
    venue: str = bounded(TITLE)
    form: SessionForm | None = SessionForm.ON_SITE
    convener: str | None = bounded(NAME)
    liaison_group: ID | None = refers_to("liaisongroup")


@verb(commands.reschedule_session, gives=Session)
class RescheduleSession:
    """Give a session another time or place (改期), or postpone it until it gets a time (延期); its departments are
    told.
    """

    session: ID = refers_to("session")
    scheduled_at: datetime | None = strawberry.field(description="Today or later, in China.")
    venue: str | None = bounded(TITLE, "Alone it leaves time and state as they are.")
    postpone: bool = strawberry.field(
        description="True to take the session off its time until it gets another (延期); then without `scheduledAt`.",
        default=False,
    )


@verb(commands.cancel_session, gives=Session)
class CancelSession:
    """Cancel a session (取消议事会); topics that no other session takes are listed again."""

    session: ID = refers_to("session")
    reason: str = bounded(NOTE, private=True)


@input_type()
class AttendanceInput:
    """Somebody who came (参会人员): named or not, a known member or a department's people."""

    role: ParticipantRole
    name: str | None = bounded(NAME, private=True)
    member: ID | None = refers_to("member")
    department: str | None = bounded(CODE, "The department's code.")


@input_type()
class OpinionInput:
    """What somebody said (意见): in which part, on one of the topics or on all, a known member or not."""

    role: ParticipantRole
    text: str = bounded(PROSE)
    topic: ID | None = refers_to("topic", "One of the session's; all where left out.")
    member: ID | None = refers_to("member", "One of the attendances'.")


@verb(held.record_session, gives=Session)
class RecordSession:
    """Record that a session was held (登记会议): who came, what they said, the minutes."""

    session: ID = refers_to("session")
    held_at: datetime | None = strawberry.field(
        description="Now where left out; not still to come, nor before one of its topics was proposed."
    )
    minutes: str | None = bounded(MINUTES)
    headcount: int | None = bounded(HEADCOUNT, "Everyone present; the number of `attendances` where left out.")
    headcount_is_lower_bound: bool = strawberry.field(description='True for "more than".', default=False)
    attendances: list[AttendanceInput] = bounded(
        ATTENDANCES, "With a key topic at least one RESIDENT or STAKEHOLDER.", default_factory=list
    )
    opinions: list[OpinionInput] = bounded(OPINIONS, default_factory=list)


@verb(held.record_minutes, gives=Session)
class RecordMinutes:
    """Give a session that was held its minutes (会议记录), where it has none."""

    session: ID = refers_to("session")
    minutes: str = bounded(MINUTES_OR_NONE)


@verb(held.add_opinion, gives=Opinion)
class AddOpinion:
    """Add an opinion after a session (补充意见): a member their own, staff what somebody said."""

    session: ID = refers_to("session")
    role: ParticipantRole
    text: str = bounded(PROSE)
    topic: ID | None = refers_to("topic", "One of the session's; all where left out.")
    member: ID | None = refers_to(
        "member",
        "Of a member's own opinion themselves, and may be left out; staff names one who was there.",
    )
