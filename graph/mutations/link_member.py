from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.divisions import Member
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, SUBJECT
from services.members import commands


@strawberry.input(description="What `linkMember` takes.")
class LinkMemberInput:
    """What the verb takes."""

    member: strawberry.ID
    subject: str | None = bounded(
        SUBJECT, description="The `sub` of the member's tokens; nobody where left out.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The member, or why not.")
class LinkMemberPayload:
    """The member, or why not."""

    member: Member | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Say who signs in as a member (关联委员账号): with the role MEMBER they see their own duty."
)
async def link_member(info: Info, input: LinkMemberInput) -> LinkMemberPayload:  # noqa: A002 -- the argument's name in the schema
    """Say who signs in as a member (关联委员账号)."""

    async def command(act: Act) -> UUID:
        return await commands.link_member(
            act, member_id=reference("member", input.member, "member"), subject=given(input.subject)
        )

    payload: LinkMemberPayload = await perform(info, input, "Member", command)
    return payload
