from uuid import UUID

from sqlalchemy import select

from services.core.actor import Actor
from services.core.database import WriteTx
from services.members.errors import MemberNotLinked, MemberUnclear, NotOwnMember
from services.members.models import Member


async def linked_members(tx: WriteTx, actor: Actor) -> set[UUID]:
    """Return the ids of the members that the caller is: one of each committee at most."""
    if actor.subject is None:
        return set()
    rows = await tx.execute(select(Member.id).where(Member.subject == actor.subject))  # type: ignore[call-overload]
    return set(rows.scalars())


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
