from services.members.models import LiaisonGroup, Member
from services.reads.catalogue.common import equals
from services.reads.catalogue.shape import Entity, Many, One, Paged

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
    default_order=(("name", False),),
)
