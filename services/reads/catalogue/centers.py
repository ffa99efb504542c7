from services.reads.catalogue.common import node_id_column
from services.reads.catalogue.shape import Column, Entity, Many, One, Order, Paged
from services.reads.text import Form

PRACTICE_CENTER = Entity(
    name="PracticeCenter",
    source="practice_center",
    prefix="practicecenter",
    fields={
        "id": node_id_column("practicecenter"),
        "name": Column("{t}.name"),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "opened_on": Column("{t}.opened_on", Form.LITERAL, nullable=True),
        "areas": Column("{t}.areas"),
        "functions": Column("{t}.functions"),
        "activities": Paged("Activity", where="{t}.center_id = {p}.id"),
    },
)

ACTIVITY = Entity(
    name="Activity",
    source="activity",
    prefix="activity",
    fields={
        "id": node_id_column("activity"),
        "kind": Column("{t}.kind"),
        "title": Column("{t}.title"),
        "held_on": Column("{t}.held_on", Form.LITERAL),
        "center": One("PracticeCenter", on="{t}.id = {p}.center_id", nullable=True),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "headcount": Column("{t}.headcount", Form.PLAIN, nullable=True),
        "members": Many(
            "Member",
            where="{t}.id IN (SELECT member_id FROM activity_member WHERE activity_id = {p}.id)",
            order="{t}.name, {t}.id",
        ),
    },
    orders={"held_on": Order("{t}.held_on", "date")},
    default_order=(("held_on", True),),
)
