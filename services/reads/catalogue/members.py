from services.reads.catalogue.common import equals, node_id_column
from services.reads.catalogue.shape import Column, Entity, Many, One, Order, Paged

LIAISON_GROUP = Entity(
    name="LiaisonGroup",
    source="liaison_group",
    prefix="liaisongroup",
    fields={
        "id": node_id_column("liaisongroup"),
        "name": Column("{t}.name"),
        "committee": One("Committee", on="{t}.id = {p}.committee_id"),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "platforms": Many("Platform", where="{t}.liaison_group_id = {p}.id", order="{t}.code"),
        "members": Paged("Member", where="{t}.liaison_group_id = {p}.id"),
    },
)

MEMBER = Entity(
    name="Member",
    source="member",
    prefix="member",
    fields={
        "id": node_id_column("member"),
        "name": Column("{t}.name"),
        "sector": Column("{t}.sector"),
        "committee": One("Committee", on="{t}.id = {p}.committee_id"),
        "liaison_group": One("LiaisonGroup", on="{t}.id = {p}.liaison_group_id", nullable=True),
        "duty_records": Paged(
            "DutyRecord",
            where="{t}.member_id = {p}.id AND {assessment}.superseded_at IS NULL",
            arguments={"year": equals("{assessment}.year", "int")},
        ),
        "duty_assessment": One(
            "DutyAssessment",
            on="{t}.member_id = {p}.id AND {t}.superseded_at IS NULL",
            nullable=True,
            arguments={"year": equals("{t}.year", "int")},
        ),
    },
    orders={"name": Order("{t}.name", "text")},
    default_order=(("name", False),),
)
