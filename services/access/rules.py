from services.access.errors import GrantAbove, OwnGrant
from services.core.actor import Actor, Role
from services.core.errors import Forbidden, Unauthenticated
from services.core.scope import division_code, subtree

OF_THE_PLACE = frozenset({Role.RESIDENT, Role.MEMBER, Role.CADRE, Role.DEPARTMENT})
"""What the secretariat of a place gives itself; the other roles run or check it, and come from above."""


def require_granter(actor: Actor, subject: str, role: Role, division_number: int) -> None:
    """Require that the actor may give the subject the role over the division, and may take it back.

    Raises Unauthenticated, Forbidden, OwnGrant, GrantAbove.
    """
    if actor.subject is None:
        raise Unauthenticated
    if actor.subject == subject:
        raise OwnGrant
    code = division_code(division_number)
    covering = [scope for scope in actor.scopes(frozenset({Role.SECRETARIAT})) if division_number in scope]
    if not covering:
        raise Forbidden((Role.SECRETARIAT,), code)
    place = subtree(code)
    above = any(scope != place for scope in covering)
    if role not in OF_THE_PLACE and not above:
        raise GrantAbove(role, code)
