from uuid import UUID

from services.core.act import Act
from services.core.actor import Role
from services.core.lookup import row_by_id
from services.members.errors import GroupOfAnotherCommittee, OwnLink
from services.members.models import Committee, LiaisonGroup, Member


async def seat_member(act: Act, *, committee_id: UUID, liaison_group_id: UUID | None, name: str, sector: str) -> UUID:
    """The committee has the member, in one of its liaison groups where one is given.

    Returns the member's id. Raises NotFound, Forbidden, GroupOfAnotherCommittee, ConstraintViolated.
    """
    committee = await row_by_id(act.tx, Committee, committee_id, "committee")
    act.actor.require(committee.division_number, Role.SECRETARIAT)
    if liaison_group_id is not None:
        group = await row_by_id(
            act.tx, LiaisonGroup, liaison_group_id, "liaisongroup", thing="liaison group", path="liaison_group"
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
    act.tx.add(member)
    return member.id


async def link_member(act: Act, *, member_id: UUID, subject: str | None) -> UUID:
    """The person who signs in as the subject is the member from now on; without a subject nobody is.

    Returns the member's id. Raises NotFound, Forbidden, OwnLink, ConstraintViolated.
    """
    member = await row_by_id(act.tx, Member, member_id, "member", lock=True)
    act.actor.require(member.division_number, Role.SECRETARIAT)
    if subject is not None and subject == act.actor.subject:
        raise OwnLink
    member.subject = subject
    return member.id
