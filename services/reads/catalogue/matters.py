from services.matters.models import Matter
from services.reads import visibility
from services.reads.catalogue.common import CHINA_DAY
from services.reads.catalogue.shape import Column, Entity, Many, Switch
from services.reads.text import Form

OPEN = "{t}.topic_id IS NULL AND {t}.answered_at IS NULL"
"""A matter that still waits, in the words of the index of these."""

OVERDUE = f"({OPEN} AND {{t}}.raised_at < {CHINA_DAY.format('({today} - {matter_days})')})"

MATTER = Entity(
    model=Matter,
    prefix="matter",
    fields={
        "hidden": Column(visibility.COMPILED.hidden("{t}"), Form.PLAIN),
        "overdue": Column(OVERDUE, Form.PLAIN),
        "trace": Many(
            "TraceEntry",
            where="{t}.chain_id IN (SELECT id FROM {table_trace_chain} WHERE matter_id = {p}.id)",
            order="{t}.sequence",
        ),
    },
    visible=visibility.MATTER,
    filters={"overdue": Switch(OVERDUE, f"NOT {OVERDUE}")},
    default_order=(("raised_at", True),),
)
