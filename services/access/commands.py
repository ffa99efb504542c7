from uuid import UUID

from services.access.book import ACCESS_CHANNEL
from services.access.errors import GrantPlaceInvalid, GrantRevoked
from services.access.models import RoleGrant
from services.access.rules import require_granter
from services.core.act import Act
from services.core.actor import Role
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.departments.records import department_by_code
from services.divisions.records import division_by_code


async def grant_role(act: Act, *, subject: str, role: Role, division: str | None, department: str | None) -> UUID:
    """The subject has the role over the division's subtree, or for the department, beside what its tokens carry.

    Returns the grant's id. Raises GrantPlaceInvalid, NotFound, Forbidden, OwnGrant, GrantAbove, ConstraintViolated.
    """
    number, department_id = await _place(act.tx, role, division, department)
    require_granter(act.actor, subject, role, number)
    grant = RoleGrant(
        subject=subject,
        role=role,
        division_number=number,
        department_id=department_id,
        granted_by=str(act.actor.subject),
        granted_at=act.now(),
    )
    act.tx.add(grant)
    await act.tx.notify(ACCESS_CHANNEL)
    return grant.id


async def revoke_role(act: Act, *, grant_id: UUID) -> UUID:
    """The grant is no longer in force; it stays in the record.

    Returns its id. Raises NotFound, Forbidden, OwnGrant, GrantAbove, GrantRevoked.
    """
    grant = await row_by_id(act.tx, RoleGrant, grant_id, "grant", lock=True)
    require_granter(act.actor, grant.subject, grant.role, grant.division_number)
    if grant.revoked_at is not None:
        raise GrantRevoked
    grant.revoked_by, grant.revoked_at = str(act.actor.subject), act.now()
    await act.tx.notify(ACCESS_CHANNEL)
    return grant.id


async def _place(tx: WriteTx, role: Role, division: str | None, department: str | None) -> tuple[int, UUID | None]:
    """Return the division's number and the department's id of a grant. Raises GrantPlaceInvalid, NotFound."""
    if role is Role.DEPARTMENT and department is not None and division is None:
        found = await department_by_code(tx, department)
        return found.division_number, found.id
    if role is Role.DEPARTMENT or department is not None or division is None:
        raise GrantPlaceInvalid(role)
    return (await division_by_code(tx, division)).number, None
