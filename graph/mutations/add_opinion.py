from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import ParticipantRole
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, optional_reference, perform, reference
from graph.types.sessions import Opinion
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PROSE
from services.sessions import held
from services.sessions.held import Voiced


@strawberry.input(description="What `addOpinion` takes.")
class AddOpinionInput:
    """What the verb takes."""

    session: strawberry.ID
    role: ParticipantRole
    text: str = bounded(PROSE)
    topic: strawberry.ID | None = strawberry.field(
        description="One of the session's; all where left out.", default=UNSET
    )
    member: strawberry.ID | None = strawberry.field(
        description="Of a member's own opinion themselves, and may be left out; staff names one who was there.",
        default=UNSET,
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The opinion, or why not.")
class AddOpinionPayload:
    """The opinion, or why not."""

    opinion: Opinion | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Add an opinion after a session (补充意见): a member their own, staff what somebody said."
)
async def add_opinion(info: Info, input: AddOpinionInput) -> AddOpinionPayload:  # noqa: A002 -- the argument's name in the schema
    """Add an opinion after a session (补充意见): a member their own, staff what somebody said."""

    async def command(act: Act) -> UUID:
        return await held.add_opinion(
            act,
            session_id=reference("session", input.session, "session"),
            voiced=Voiced(
                input.role,
                input.text,
                optional_reference("topic", input.topic, "topic"),
                optional_reference("member", input.member, "member"),
            ),
        )

    payload: AddOpinionPayload = await perform(info, input, "Opinion", command)
    return payload
