from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.lookup import row_by_id
from services.members.errors import GroupOfAnotherCommittee, OwnLink
from services.members.models import Committee, LiaisonGroup, Member


async def seat_member(  # noqa: PLR0913 -- the facts of a member
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,  # noqa: ARG001 -- every command takes it
    committee_id: UUID,
    liaison_group_id: UUID | None,
    name: str,
    sector: str,
) -> UUID:
    """The committee has the member, in one of its liaison groups where one is given.

    Returns the member's id. Raises NotFound, Forbidden, GroupOfAnotherCommittee, ConstraintViolated.
    """
    committee = await row_by_id(tx, Committee, committee_id, "committee")
    actor.require(committee.division_number, Role.SECRETARIAT)
    if liaison_group_id is not None:
        group = await row_by_id(
            tx, LiaisonGroup, liaison_group_id, "liaisongroup", thing="liaison group", path="liaison_group"
        )
        if group.committee_id != committee.id:
            raise GroupOfAnotherCommittee(group.name, committee.name)
    member = Member(
        name=name,
        sector=sector,
        committee_id=committee.id,
        liaison_group_id=liaison_group_id,
        division_number=committee.division_number,
    )
    tx.add(member)
    return member.id


async def link_member(
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,  # noqa: ARG001 -- every command takes it
    member_id: UUID,
    subject: str | None,
) -> UUID:
    """Whoever signs in as the subject is the member from now on; without a subject nobody is.

    Returns the member's id. Raises NotFound, Forbidden, OwnLink, ConstraintViolated.
    """
    member = await row_by_id(tx, Member, member_id, "member", lock=True)
    actor.require(member.division_number, Role.SECRETARIAT)
    if subject is not None and subject == actor.subject:
        raise OwnLink
    member.subject = subject
    return member.id
