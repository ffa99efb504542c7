from strawberry import ID

from graph.enums import Role
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.scalars import DivisionCode
from graph.types.access import RoleGrant
from services.access import commands
from services.core.bounds import CODE, SUBJECT
from services.core.security import SecurityEvent


@verb(
    commands.grant_role,
    gives=RoleGrant,
    field="grant",
    takes=": a division, or for the role DEPARTMENT a department.",
    event=SecurityEvent.GRANT_GIVEN,
)
class GrantRole:
    """Give somebody a role (授权), beside what their token carries."""

    subject: str = bounded(SUBJECT, private=True)
    role: Role
    division: DivisionCode | None
    department: str | None = bounded(CODE)


@verb(commands.revoke_role, gives=RoleGrant, field="grant", event=SecurityEvent.GRANT_TAKEN)
class RevokeRole:
    """Take a role back (撤销授权); the record of it stays."""

    grant: ID = refers_to("grant")
