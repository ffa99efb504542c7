from services.access.models import RoleGrant
from services.reads import visibility
from services.reads.catalogue.common import equals
from services.reads.catalogue.shape import Column, Entity, Switch

ROLE_GRANT = Entity(
    model=RoleGrant,
    prefix="grant",
    visible=visibility.ROLE_GRANT,
    fields={
        "subject": Column("{t}.subject"),
        "granted_by": Column("{t}.granted_by"),
        "revoked_by": Column("{t}.revoked_by", nullable=True),
    },
    filters={
        "subject": equals("{t}.subject"),
        "current": Switch("{t}.revoked_at IS NULL", "{t}.revoked_at IS NOT NULL"),
    },
    default_order=(("granted_at", True),),
)
