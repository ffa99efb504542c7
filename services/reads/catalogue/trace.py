from services.reads import visibility
from services.reads.catalogue.shape import Column, Entity, NodeOf
from services.reads.catalogue.topics import instant
from services.reads.text import Form

TRACE_ENTRY = Entity(
    name="TraceEntry",
    source="trace_entry",
    fields={
        "at": instant("{t}.at"),
        "act": Column("{t}.act", Form.LITERAL),
        "actor_role": Column("{t}.actor_role", Form.LITERAL),
        "subject": NodeOf("{t}.subject_kind", "{t}.subject_id"),
        "summary": Column("{t}.summary"),
    },
    visible=visibility.TRACE_ENTRY,
)
