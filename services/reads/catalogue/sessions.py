from services.reads.catalogue.common import CHINA_DAY, of_department
from services.reads.catalogue.shape import Column, Entity, Many, One, Paged, Switch
from services.reads.text import Form
from services.sessions.models import Attendance, Opinion, Session

MINUTES_DUE = CHINA_DAY.format("({today} - {minutes_days})")

MINUTES_OVERDUE = f"({{t}}.held_at IS NOT NULL AND {{t}}.minutes IS NULL AND {{t}}.held_at < {MINUTES_DUE})"
"""In the words of the index of sessions without minutes; never unknown."""

SESSION = Entity(
    model=Session,
    prefix="session",
    fields={
        "topics": Many(
            "Topic",
            where="{t}.id IN (SELECT topic_id FROM {table_session_topic} WHERE session_id = {p}.id)",
            order="(SELECT agenda.position FROM {table_session_topic} AS agenda "
            "WHERE agenda.session_id = {p}.id AND agenda.topic_id = {t}.id)",
        ),
        "attendances": Paged("Attendance"),
        "minutes_overdue": Column(MINUTES_OVERDUE, Form.PLAIN),
        "opinions": Many("Opinion", order="{t}.at, {t}.id"),
        "outcomes": Many("Outcome", order="{t}.reached_on, {t}.id"),
    },
    filters={
        "minutes_overdue": Switch(MINUTES_OVERDUE, f"NOT {MINUTES_OVERDUE}"),
        "department": of_department(
            "EXISTS (SELECT FROM {table_session_topic} AS agenda "
            "JOIN {table_involvement} AS part ON part.topic_id = agenda.topic_id "
            "JOIN {table_department} AS involved ON involved.id = part.department_id "
            "WHERE agenda.session_id = {t}.id AND part.until IS NULL AND involved.code = {value})",
        ),
    },
    default_order=(("scheduled_at", False),),
)

ATTENDANCE = Entity(
    model=Attendance,
    fields={"name": Column("CASE WHEN {sees_attendance_name} THEN {t}.name END", nullable=True)},
    joins={"session": "JOIN {table_session} AS {session} ON {session}.id = {t}.session_id"},
    default_order=(("position", False),),
)

OPINION = Entity(
    model=Opinion,
    prefix="opinion",
    fields={
        "session": One("Session", on="{t}.id = {p}.session_id", nullable=True),
        "conversions": Many("Conversion", order="{t}.submitted_on, {t}.id"),
    },
)
