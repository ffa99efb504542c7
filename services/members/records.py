from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.members.errors import MemberNotLinked, MemberUnclear, NotOwnMember
from services.members.models import Member


async def linked_members(act: Act) -> set[UUID]:
    """Return the ids of the members that the caller is: one of each committee at most."""
    if act.actor.subject is None:
        return set()
    rows = await act.tx.scalars(select(col(Member.id)).where(col(Member.subject) == act.actor.subject))
    return set(rows)


def own_member(linked: set[UUID], wanted: UUID | None) -> UUID:
    """Return as which of the members that they are a caller speaks: the one wanted, or the only one.

    Raises MemberNotLinked, NotOwnMember, MemberUnclear.
    """
    if not linked:
        raise MemberNotLinked
    if wanted is None:
        if len(linked) > 1:
            raise MemberUnclear
        (wanted,) = linked
    if wanted not in linked:
        raise NotOwnMember
    return wanted
