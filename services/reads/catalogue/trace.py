from services.reads import visibility
from services.reads.catalogue.common import other_words
from services.reads.catalogue.shape import Column, Embedded, Entity, NodeOf
from services.reads.text import Form
from services.trace.models import TraceEntry

OTHER_WORDS = f"coalesce({other_words('TEXT')}, {other_words('SUMMARY')})"
"""The summary that is published in the place of what was recorded."""
OF_CHAIN = "(SELECT {} FROM {{table_trace_chain}} AS chain WHERE chain.id = {{t}}.chain_id)"


def digest(expression: str, *, nullable: bool = False) -> Column:
    """Return the column of bytes, as hexadecimal digits."""
    return Column(f"encode({expression}, 'hex')", Form.LITERAL, nullable=nullable)


TRACE_ENTRY = Entity(
    model=TraceEntry,
    fields={
        "id": Column("'traceentry_' || {t}.id{at_instant}", Form.LITERAL),
        "act": Column("{t}.act", Form.LITERAL),
        "actor_role": Column("{t}.actor_role", Form.LITERAL),
        "subject": NodeOf("{t}.subject_kind", "{t}.subject_id"),
        "summary": Column(f"coalesce({OTHER_WORDS}, {{t}}.summary)"),
        "seal": Embedded("TraceSeal", present="{sees_seal}"),
    },
    visible=visibility.TRACE_ENTRY,
)

TRACE_SEAL = Entity(
    name="TraceSeal",
    fields={
        "chain": Column(
            OF_CHAIN.format("coalesce('topic_' || chain.topic_id, 'matter_' || chain.matter_id)"), Form.LITERAL
        ),
        "sequence": Column("{t}.sequence", Form.PLAIN),
        "form": Column("{t}.form", Form.PLAIN),
        "hash": digest("{t}.hash"),
        "previous_hash": digest("{t}.previous_hash"),
        "actor_commitment": digest("{t}.actor_commitment", nullable=True),
        "evidence_commitment": digest("{t}.evidence_commitment", nullable=True),
        "summary_commitment": digest("{t}.summary_commitment", nullable=True),
        "summary_salt": digest(f"CASE WHEN {OTHER_WORDS} IS NULL THEN {{t}}.summary_salt END", nullable=True),
        "last_sequence": Column(OF_CHAIN.format("chain.last_sequence"), Form.PLAIN),
        "last_hash": Column(OF_CHAIN.format("encode(chain.last_hash, 'hex')"), Form.LITERAL),
    },
)
