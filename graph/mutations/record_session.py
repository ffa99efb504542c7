from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import ParticipantRole
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import ATTENDANCES, CODE, HEADCOUNT, IDEMPOTENCY_KEY, MINUTES, NAME, OPINIONS, PROSE
from services.sessions import held
from services.sessions.held import Attended, Voiced


@strawberry.input(description="Somebody who came (参会人员): named or not, a known member or a department's people.")
class AttendanceInput:
    """Somebody who came."""

    role: ParticipantRole
    name: str | None = bounded(NAME, default=UNSET)
    member: strawberry.ID | None = UNSET
    department: str | None = bounded(CODE, description="The department's code.", default=UNSET)


@strawberry.input(
    description="What somebody said (意见): in which part, on one of the topics or on all, a known member or not."
)
class OpinionInput:
    """What somebody said."""

    role: ParticipantRole
    text: str = bounded(PROSE)
    topic: strawberry.ID | None = strawberry.field(
        description="One of the session's; all where left out.", default=UNSET
    )
    member: strawberry.ID | None = strawberry.field(description="One of the attendances'.", default=UNSET)


@strawberry.input(description="What `recordSession` takes.")
class RecordSessionInput:
    """What the verb takes."""

    session: strawberry.ID
    held_at: datetime | None = strawberry.field(
        description="Now where left out; not still to come, nor before one of its topics was proposed.", default=UNSET
    )
    minutes: str | None = bounded(MINUTES, default=UNSET)
    headcount: int | None = bounded(
        HEADCOUNT, description="Everyone present; the number of `attendances` where left out.", default=UNSET
    )
    headcount_is_lower_bound: bool = strawberry.field(description='True for "more than".', default=False)
    attendances: list[AttendanceInput] = bounded(
        ATTENDANCES, description="With a key topic at least one RESIDENT or STAKEHOLDER.", default_factory=list
    )
    opinions: list[OpinionInput] = bounded(OPINIONS, default_factory=list)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class RecordSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(description="Record that a session was held (登记会议): who came, what they said, the minutes.")
async def record_session(info: Info, input: RecordSessionInput) -> RecordSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Record that a session was held (登记会议): who came, what they said, the minutes."""

    async def command(act: Act) -> UUID:
        return await held.record_session(
            act,
            session_id=reference("session", input.session, "session"),
            held_at=given(input.held_at),
            minutes=given(input.minutes),
            headcount=given(input.headcount),
            headcount_is_lower_bound=input.headcount_is_lower_bound,
            attendances=[
                Attended(
                    one.role,
                    given(one.name),
                    optional_reference("member", one.member, "attendances", "member"),
                    given(one.department),
                )
                for one in input.attendances
            ],
            opinions=[
                Voiced(
                    one.role,
                    one.text,
                    optional_reference("topic", one.topic, "opinions", "topic"),
                    optional_reference("member", one.member, "opinions", "member"),
                )
                for one in input.opinions
            ],
        )

    payload: RecordSessionPayload = await perform(info, input, "Session", command)
    return payload
