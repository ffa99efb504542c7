from services.reads import visibility
from services.reads.catalogue.common import CHINA_DAY, between, enum_column, node_id_column, one_of, refers_to, within
from services.reads.catalogue.shape import Column, Entity, Many, One, Order, Switch
from services.reads.catalogue.topics import instant
from services.reads.text import Form

OPEN = "{t}.topic_id IS NULL AND {t}.answered_at IS NULL"
"""A matter that still waits, in the words of the index of these."""

OVERDUE = f"({OPEN} AND {{t}}.raised_at < {CHINA_DAY.format('({today} - {matter_days})')})"

MATTER = Entity(
    name="Matter",
    source="matter",
    prefix="matter",
    fields={
        "id": node_id_column("matter"),
        "title": Column("{t}.title"),
        "description": Column("{t}.description"),
        "nature": Column("{t}.nature", Form.LITERAL, nullable=True),
        "raised_by": enum_column("{t}.raised_by"),
        "raised_at": instant("{t}.raised_at"),
        "platform": One("Platform", on="{t}.id = {p}.platform_id"),
        "category": enum_column("{t}.category"),
        "status": enum_column("{t}.status"),
        "version": Column("{t}.version", Form.PLAIN),
        "accepted_at": instant("{t}.accepted_at", nullable=True),
        "answer": Column("{t}.answer", nullable=True),
        "answered_at": instant("{t}.answered_at", nullable=True),
        "overdue": Column(OVERDUE, Form.PLAIN),
        "trace": Many(
            "TraceEntry",
            where="{t}.chain_id IN (SELECT id FROM trace_chain WHERE matter_id = {p}.id)",
            order="{t}.sequence",
        ),
        "topic": One("Topic", on="{t}.id = {p}.topic_id", nullable=True),
    },
    visible=visibility.MATTER,
    filters={
        "within": within(),
        "platform": refers_to("{t}.platform_id", "platform"),
        "status": one_of("{t}.status"),
        "category": one_of("{t}.category"),
        "nature": one_of("{t}.nature"),
        "raised": between("{t}.raised_at", "timestamptz"),
        "overdue": Switch(OVERDUE, f"NOT {OVERDUE}"),
    },
    orders={"raised_at": Order("{t}.raised_at", "timestamptz")},
    default_order=(("raised_at", True),),
)
