"""Who asks: one caller of each role, each of a part of the small province."""

from collections.abc import Collection
from dataclasses import dataclass

from services.core.actor import ANONYMOUS, Actor, Grant, Role

STAFF = frozenset({Role.CADRE, Role.SECRETARIAT, Role.APPROVER, Role.AUDITOR})
"""Who sees what is not yet published in the subtree, by docs/concepts.md."""
DELIVERIES = frozenset({Role.SECRETARIAT, Role.OPERATOR, Role.AUDITOR})
"""Who sees the delivery log of the subtree and who was given which role."""

CALLERS = {
    "anonymous": ANONYMOUS,
    "signed in": Actor("neighbour"),
    "resident": Actor("resident", (Grant(Role.RESIDENT, "140106"),)),
    "member": Actor("member", (Grant(Role.MEMBER, "140106"),)),
    "cadre": Actor("cadre", (Grant(Role.CADRE, "140106"),)),
    "secretariat": Actor("secretariat", (Grant(Role.SECRETARIAT, "140521"),)),
    "approver": Actor("approver", (Grant(Role.APPROVER, "1405"),)),
    "department": Actor("court", (Grant(Role.DEPARTMENT, department="qinshui-court"),)),
    "operator": Actor("operator", (Grant(Role.OPERATOR, "140106"),)),
    "auditor": Actor("auditor", (Grant(Role.AUDITOR, "140106"),)),
}


@dataclass(frozen=True)
class Rights:
    """What a caller's grants come to, by docs/concepts.md."""

    subject: str | None
    staff: tuple[str, ...]
    """Codes of the subtrees over which they are staff."""
    deliveries: tuple[str, ...]
    """Codes of the subtrees whose delivery log they see."""
    departments: tuple[str, ...]
    member: bool

    @classmethod
    def of(cls, actor: Actor) -> "Rights":
        """Return the rights of a caller."""

        def over(roles: Collection[Role]) -> tuple[str, ...]:
            return tuple(grant.within for grant in actor.grants if grant.role in roles and grant.within)

        departments = tuple(grant.department for grant in actor.grants if grant.department)
        return cls(actor.subject, over(STAFF), over(DELIVERIES), departments, bool(over((Role.MEMBER,))))


def lies_in(number: int, codes: Collection[str]) -> bool:
    """Tell whether a division, by its number of twelve digits, lies in a subtree of one of the codes."""
    return any(str(number).startswith(code) for code in codes)
