from services.access.models import RoleGrant
from services.reads import visibility
from services.reads.catalogue.shape import Entity, Switch

ROLE_GRANT = Entity(
    model=RoleGrant,
    prefix="grant",
    visible=visibility.ROLE_GRANT,
    filters={"current": Switch("{t}.revoked_at IS NULL", "{t}.revoked_at IS NOT NULL")},
    default_order=(("granted_at", True),),
)
