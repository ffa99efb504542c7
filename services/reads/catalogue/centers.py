"""What divisions have beside platforms: brands, practice centers and their activities."""

from services.centers.models import Activity, PracticeCenter
from services.platforms.models import Brand
from services.reads.catalogue.shape import Entity, Many, Paged

BRAND = Entity(model=Brand, prefix="brand", fields={"platforms": Paged("Platform")})

PRACTICE_CENTER = Entity(
    model=PracticeCenter,
    prefix="practicecenter",
    fields={"activities": Paged("Activity")},
)

ACTIVITY = Entity(
    model=Activity,
    prefix="activity",
    fields={
        "members": Many(
            "Member",
            where="{t}.id IN (SELECT member_id FROM {table_activity_member} WHERE activity_id = {p}.id)",
            order="{t}.name, {t}.id",
        ),
    },
    default_order=(("held_on", True),),
)
