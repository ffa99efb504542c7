from services.reads import visibility
from services.reads.catalogue.common import (
    between,
    enum_column,
    event_id_column,
    node_id_column,
    of_department,
    one_of,
    refers_to,
    within,
)
from services.reads.catalogue.shape import Column, Embedded, Entity, One, Order, Paged, Switch
from services.reads.catalogue.topics import instant
from services.reads.text import Form

UNANSWERED = "({t}.status = 'CONFIRMED' AND {t}.receipt IS NULL)"

DEPARTMENT = Entity(
    name="Department",
    source="department",
    prefix="department",
    natural_key="code",
    fields={
        "id": node_id_column("department"),
        "code": Column("{t}.code", Form.LITERAL),
        "name": Column("{t}.name"),
        "kind": enum_column("{t}.kind"),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "topics": Paged(
            "Topic",
            where="{t}.id IN (SELECT topic_id FROM involvement WHERE department_id = {p}.id AND until IS NULL)",
        ),
        "commitments": Paged("Commitment", where="{t}.department_id = {p}.id"),
        "notices": Paged("Notice", where="{t}.department_id = {p}.id"),
        "channel": One("DepartmentChannel", on="{t}.department_id = {p}.id"),
    },
    filters={
        "within": within(),
        "kind": one_of("{t}.kind"),
        "enabled": Switch(
            "EXISTS (SELECT FROM department_channel AS own WHERE own.department_id = {t}.id AND own.enabled)",
            "NOT EXISTS (SELECT FROM department_channel AS own WHERE own.department_id = {t}.id AND own.enabled)",
        ),
    },
    orders={"code": Order("{t}.code", "text", unique=True)},
    default_order=(("code", False),),
)


def waiting(aggregate: str, status: str) -> str:
    """Return an aggregate over the department's deliveries in a state, null to who does not see its notices."""
    return (
        f"(CASE WHEN {{sees_channel}} THEN (SELECT {aggregate} FROM lane JOIN delivery AS own ON own.lane_id = lane.id "
        "JOIN event ON event.id = own.event_id "
        f"WHERE lane.department_id = {{t}}.department_id AND own.status = '{status}') END)"
    )


DEPARTMENT_CHANNEL = Entity(
    name="DepartmentChannel",
    source="department_channel",
    key="{t}.department_id",
    fields={
        "enabled": Column("{t}.enabled", Form.PLAIN),
        "pending": Column(waiting("count(*)", "PENDING"), Form.PLAIN, nullable=True),
        "parked": Column(waiting("count(*)", "PARKED"), Form.PLAIN, nullable=True),
        "oldest_pending_at": instant(waiting("min(event.occurred_at)", "PENDING"), nullable=True),
        "paused_until": instant("{t}.paused_until", nullable=True),
        "last_error": Column("CASE WHEN {sees_channel} THEN {t}.last_error END", nullable=True),
    },
    joins={"department": "JOIN department AS {department} ON {department}.id = {t}.department_id"},
)

NOTICE = Entity(
    name="Notice",
    source="delivery",
    prefix="notice",
    fields={
        "id": node_id_column("notice"),
        "event_id": event_id_column("{t}.event_id"),
        "type": Column("{event}.type"),
        "department": One("Department", on="{t}.id = {p}.department_id"),
        "topic": One("Topic", on="{t}.id = {p_event}.topic_id", nullable=True),
        "sequence": Column("{t}.sequence", Form.PLAIN),
        "status": enum_column("{t}.status"),
        "occurred_at": instant("{event}.occurred_at"),
        "confirmed_at": instant("{t}.confirmed_at", nullable=True),
        "attempts": Column("{t}.attempts", Form.PLAIN),
        "last_error": Column("{t}.last_error", nullable=True),
        "receipt": Embedded("Receipt", present="{t}.receipt IS NOT NULL"),
        "replays": Column("{t}.replays", Form.PLAIN),
        "replayed_at": instant("{t}.replayed_at", nullable=True),
        "skipped_at": instant("{t}.skipped_at", nullable=True),
        "skip_reason": Column("{t}.skip_reason", nullable=True),
    },
    joins={"event": "JOIN event AS {event} ON {event}.id = {t}.event_id"},
    visible=visibility.NOTICE,
    filters={
        "department": of_department("{t}.department_id = (SELECT id FROM department WHERE code = {value})"),
        "status": one_of("{t}.status"),
        "type": one_of("{event}.type"),
        "topic": refers_to("{event}.topic_id", "topic"),
        "occurred": between("{event}.occurred_at", "timestamptz"),
        "unacknowledged": Switch(UNANSWERED, f"{UNANSWERED} IS NOT TRUE"),
    },
    orders={"occurred_at": Order("{event}.occurred_at", "timestamptz")},
    default_order=(("occurred_at", True),),
)

RECEIPT = Entity(
    name="Receipt",
    fields={
        "status": enum_column("{t}.receipt"),
        "at": instant("{t}.receipt_at"),
        "note": Column("CASE WHEN {sees_reply} THEN {t}.receipt_note END", nullable=True),
        "evidence_url": Column("CASE WHEN {sees_reply} THEN {t}.receipt_evidence_url END", nullable=True),
    },
)
