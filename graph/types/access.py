from datetime import datetime

import strawberry

from graph.enums import Role
from graph.inputs.filters import filter_input
from graph.types.connections import Node
from graph.types.departments import Department
from graph.types.divisions import Division

GrantFilter = filter_input(
    "RoleGrant", ("within", "subject", "role", "current"), called="Grant", current="Whether it is in force."
)


@strawberry.type(description="授权记录: a role that somebody was given beside what their token carries.")
class RoleGrant(Node):
    subject: str = strawberry.field(description="Whom tokens speak for: their `sub`.")
    role: Role
    division: Division = strawberry.field(description="The top of its subtree; for a department its own place.")
    department: Department | None
    granted_by: str
    granted_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None = strawberry.field(description="When it was taken back (撤销); null while in force.")
