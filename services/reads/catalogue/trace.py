from services.reads import visibility
from services.reads.catalogue.common import other_words
from services.reads.catalogue.shape import Column, Entity, NodeOf
from services.reads.text import Form
from services.trace.models import TraceEntry

TRACE_ENTRY = Entity(
    model=TraceEntry,
    fields={
        "id": Column("'traceentry_' || {t}.id{at_instant}", Form.LITERAL),
        "act": Column("{t}.act", Form.LITERAL),
        "actor_role": Column("{t}.actor_role", Form.LITERAL),
        "subject": NodeOf("{t}.subject_kind", "{t}.subject_id"),
        "summary": Column(f"coalesce({other_words('TEXT')}, {other_words('SUMMARY')}, {{t}}.summary)"),
    },
    visible=visibility.TRACE_ENTRY,
)
