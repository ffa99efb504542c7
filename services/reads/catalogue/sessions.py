from services.reads.catalogue.common import (
    CHINA_DAY,
    between,
    enum_column,
    node_id_column,
    of_department,
    one_of,
    refers_to,
    within,
)
from services.reads.catalogue.shape import Column, Entity, Many, One, Order, Paged, Switch
from services.reads.catalogue.topics import instant
from services.reads.text import Form

MINUTES_DUE = CHINA_DAY.format("({today} - {minutes_days})")

MINUTES_OVERDUE = f"({{t}}.held_at IS NOT NULL AND {{t}}.minutes IS NULL AND {{t}}.held_at < {MINUTES_DUE})"
"""In the words of the index of sessions without minutes; never unknown."""

SESSION = Entity(
    name="Session",
    source="session",
    prefix="session",
    fields={
        "id": node_id_column("session"),
        "platform": One("Platform", on="{t}.id = {p}.platform_id"),
        "topics": Many(
            "Topic",
            where="{t}.id IN (SELECT topic_id FROM session_topic WHERE session_id = {p}.id)",
            order="(SELECT agenda.position FROM session_topic AS agenda "
            "WHERE agenda.session_id = {p}.id AND agenda.topic_id = {t}.id)",
        ),
        "status": enum_column("{t}.status"),
        "scheduled_at": instant("{t}.scheduled_at"),
        "held_at": instant("{t}.held_at", nullable=True),
        "venue": Column("{t}.venue"),
        "form": enum_column("{t}.form"),
        "convener": Column("{t}.convener", nullable=True),
        "liaison_group": One("LiaisonGroup", on="{t}.id = {p}.liaison_group_id", nullable=True),
        "attendances": Paged("Attendance", where="{t}.session_id = {p}.id"),
        "headcount": Column("{t}.headcount", Form.PLAIN, nullable=True),
        "minutes": Column("{t}.minutes", nullable=True),
        "minutes_overdue": Column(MINUTES_OVERDUE, Form.PLAIN),
        "opinions": Many("Opinion", where="{t}.session_id = {p}.id", order="{t}.at, {t}.id"),
        "outcomes": Many("Outcome", where="{t}.session_id = {p}.id", order="{t}.reached_on, {t}.id"),
    },
    filters={
        "within": within(),
        "platform": refers_to("{t}.platform_id", "platform"),
        "status": one_of("{t}.status"),
        "scheduled": between("{t}.scheduled_at", "timestamptz"),
        "minutes_overdue": Switch(MINUTES_OVERDUE, f"NOT {MINUTES_OVERDUE}"),
        "department": of_department(
            "EXISTS (SELECT FROM session_topic AS agenda JOIN involvement AS part ON part.topic_id = agenda.topic_id "
            "JOIN department AS involved ON involved.id = part.department_id "
            "WHERE agenda.session_id = {t}.id AND part.until IS NULL AND involved.code = {value})",
        ),
    },
    orders={
        "scheduled_at": Order("{t}.scheduled_at", "timestamptz"),
        "headcount": Order("{t}.headcount", "bigint", nullable=True),
    },
    default_order=(("scheduled_at", False),),
)

ATTENDANCE = Entity(
    name="Attendance",
    source="attendance",
    fields={
        "name": Column("CASE WHEN {sees_attendance_name} THEN {t}.name END", nullable=True),
        "role": enum_column("{t}.role"),
        "member": One("Member", on="{t}.id = {p}.member_id", nullable=True),
        "department": One("Department", on="{t}.id = {p}.department_id", nullable=True),
    },
    joins={"session": "JOIN session AS {session} ON {session}.id = {t}.session_id"},
    orders={"position": Order("{t}.position", "bigint")},
    default_order=(("position", False),),
)

OPINION = Entity(
    name="Opinion",
    source="opinion",
    prefix="opinion",
    fields={
        "id": node_id_column("opinion"),
        "session": One("Session", on="{t}.id = {p}.session_id", nullable=True),
        "topic": One("Topic", on="{t}.id = {p}.topic_id", nullable=True),
        "role": enum_column("{t}.role"),
        "member": One("Member", on="{t}.id = {p}.member_id", nullable=True),
        "at": instant("{t}.at"),
        "text": Column("{t}.text"),
        "conversions": Many("Conversion", where="{t}.opinion_id = {p}.id", order="{t}.submitted_on, {t}.id"),
    },
)
