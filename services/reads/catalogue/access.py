from services.reads import visibility
from services.reads.catalogue.common import enum_column, equals, node_id_column, one_of, within
from services.reads.catalogue.shape import Column, Entity, One, Order, Switch
from services.reads.catalogue.topics import instant

ROLE_GRANT = Entity(
    name="RoleGrant",
    source="role_grant",
    prefix="grant",
    fields={
        "id": node_id_column("grant"),
        "subject": Column("{t}.subject"),
        "role": enum_column("{t}.role"),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "department": One("Department", on="{t}.id = {p}.department_id", nullable=True),
        "granted_by": Column("{t}.granted_by"),
        "granted_at": instant("{t}.granted_at"),
        "revoked_by": Column("{t}.revoked_by", nullable=True),
        "revoked_at": instant("{t}.revoked_at", nullable=True),
    },
    visible=visibility.ROLE_GRANT,
    filters={
        "within": within(),
        "subject": equals("{t}.subject"),
        "role": one_of("{t}.role"),
        "current": Switch("{t}.revoked_at IS NULL", "{t}.revoked_at IS NOT NULL"),
    },
    orders={"granted_at": Order("{t}.granted_at", "timestamptz")},
    default_order=(("granted_at", True),),
)
