from services.departments.models import Department, DepartmentChannel
from services.notices.models import Delivery
from services.reads import visibility
from services.reads.catalogue.common import (
    between,
    enum_column,
    event_id_column,
    has_in_name,
    of_department,
    one_of,
    refers_to,
)
from services.reads.catalogue.shape import Column, Embedded, Entity, One, Order, Paged, Switch
from services.reads.text import Form

UNANSWERED = "({t}.status = 'CONFIRMED' AND {t}.receipt IS NULL)"

ENABLED = "EXISTS (SELECT FROM {table_department_channel} AS own WHERE own.department_id = {t}.id AND own.enabled)"

DEPARTMENT = Entity(
    model=Department,
    prefix="department",
    natural_key="code",
    fields={
        "topics": Paged(
            "Topic",
            where="{t}.id IN (SELECT topic_id FROM {table_involvement} WHERE department_id = {p}.id AND until IS NULL)",
        ),
        "commitments": Paged("Commitment"),
        "notices": Paged("Notice"),
        "statistics": Embedded("DepartmentStatistics", period=True),
        "channel": One("DepartmentChannel", on="{t}.department_id = {p}.id"),
    },
    filters={
        "enabled": Switch(ENABLED, f"NOT {ENABLED}"),
        "name": has_in_name(),
    },
    default_order=(("code", False),),
)


def waiting(aggregate: str, status: str) -> str:
    """Return an aggregate over the department's deliveries in a state, null to who does not see its notices."""
    return (
        f"(CASE WHEN {{sees_channel}} THEN (SELECT {aggregate} FROM {{table_lane}} "
        "JOIN {table_delivery} AS own ON own.lane_id = lane.id JOIN {table_event} ON event.id = own.event_id "
        f"WHERE lane.department_id = {{t}}.department_id AND own.status = '{status}') END)"
    )


DEPARTMENT_CHANNEL = Entity(
    model=DepartmentChannel,
    fields={
        "pending": Column(waiting("count(*)", "PENDING"), Form.PLAIN, nullable=True),
        "parked": Column(waiting("count(*)", "PARKED"), Form.PLAIN, nullable=True),
        "oldest_pending_at": Column(waiting("min(event.occurred_at)", "PENDING"), nullable=True),
        "last_error": Column("CASE WHEN {sees_channel} THEN {t}.last_error END", nullable=True),
    },
    joins={"department": "JOIN {table_department} AS {department} ON {department}.id = {t}.department_id"},
)

NOTICE = Entity(
    name="Notice",
    model=Delivery,
    prefix="notice",
    fields={
        "event_id": event_id_column("{t}.event_id"),
        "type": Column("{event}.type"),
        "topic": One("Topic", on="{t}.id = {p_event}.topic_id", nullable=True),
        "occurred_at": Column("{event}.occurred_at"),
        "last_error": Column("{t}.last_error", nullable=True),
        "skip_reason": Column("{t}.skip_reason", nullable=True),
        "receipt": Embedded("Receipt", present="{t}.receipt IS NOT NULL"),
    },
    joins={"event": "JOIN {table_event} AS {event} ON {event}.id = {t}.event_id"},
    visible=visibility.NOTICE,
    filters={
        "department": of_department("{t}.department_id = (SELECT id FROM {table_department} WHERE code = {value})"),
        "type": one_of("{event}.type"),
        "topic": refers_to("{event}.topic_id", "Topic"),
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
        "at": Column("{t}.receipt_at"),
        "note": Column("CASE WHEN {sees_reply} THEN {t}.receipt_note END", nullable=True),
        "evidence_url": Column("CASE WHEN {sees_reply} THEN {t}.receipt_evidence_url END", nullable=True),
    },
)
