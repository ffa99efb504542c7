from services.core.ids import node_uuid
from services.members.models import LiaisonGroup, Member
from services.reads.catalogue.common import equals, has_in_name
from services.reads.catalogue.shape import Entity, Filter, Many, Named, One, Paged

LIAISON_GROUP = Entity(
    model=LiaisonGroup,
    prefix="liaisongroup",
    fields={
        "platforms": Many("Platform", order="{t}.code"),
        "members": Paged("Member"),
    },
)

MEMBER = Entity(
    model=Member,
    prefix="member",
    fields={
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
    filters={
        "name": has_in_name(),
        "platform": Filter(
            "{t}.liaison_group_id = (SELECT liaison_group_id FROM {table_platform} WHERE id = {value})",
            {"value": ("uuid", lambda text: node_uuid("platform", str(text)))},
            names=Named("Platform", "{t}.id = {value}"),
        ),
    },
    default_order=(("name", False),),
)
