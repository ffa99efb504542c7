from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, optional_reference, perform, reference
from graph.types.divisions import Member
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NAME
from services.members import commands


@strawberry.input(description="What `seatMember` takes.")
class SeatMemberInput:
    """What the verb takes."""

    committee: strawberry.ID
    liaison_group: strawberry.ID | None = UNSET
    name: str = bounded(NAME)
    sector: str = bounded(NAME)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The member, or why not.")
class SeatMemberPayload:
    """The member, or why not."""

    member: Member | None
    errors: list[MutationError]


@strawberry.mutation(description="Seat a member (增补政协委员) in a committee and its liaison group.")
async def seat_member(info: Info, input: SeatMemberInput) -> SeatMemberPayload:  # noqa: A002 -- the argument's name in the schema
    """Seat a member (增补政协委员) in a committee and its liaison group."""

    async def command(act: Act) -> UUID:
        return await commands.seat_member(
            act,
            committee_id=reference("committee", input.committee, "committee"),
            liaison_group_id=optional_reference("liaisongroup", input.liaison_group, "liaison_group"),
            name=input.name,
            sector=input.sector,
        )

    payload: SeatMemberPayload = await perform(info, input, "Member", command)
    return payload
