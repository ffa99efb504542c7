"""What the public reads of entries of the trace that tell redacted words. What is hashed stays as it is."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from services.core.act import Act
from services.core.tables import RedactableModel
from services.redactions.enums import RedactedField
from services.redactions.records import keep_words, words_of
from services.trace.acts import retold
from services.trace.models import TraceChain, TraceEntry


async def retell(
    act: Act,
    subject: tuple[str, UUID],
    templates: Mapping[str, str],
    *,
    topic_ids: Collection[UUID] = (),
    matter_id: UUID | None = None,
) -> None:
    """The public reads in the entries of a thing what it reads of the thing, in the chains of topics or of a matter.

    `templates` made their summaries, by act. A summary that staff gave other words of its own keeps these.

    To be called after each redaction of the thing, and after each entry that may tell a text of it.
    """
    if any(isinstance(one, RedactableModel) and one.id == subject[1] and not one.redacted for one in act.tx):
        return
    redacted = await words_of(act.tx, subject[1])
    words = {field.value.lower(): text for field, text in redacted.items() if text is not None}
    if not words:
        return
    chains = select(col(TraceChain.id)).where(
        or_(col(TraceChain.topic_id).in_(topic_ids), col(TraceChain.matter_id) == matter_id)
    )
    entries = await act.tx.execute(
        select(col(TraceEntry.id), col(TraceEntry.act), col(TraceEntry.summary)).where(
            col(TraceEntry.chain_id).in_(chains),
            col(TraceEntry.subject_kind) == subject[0],
            col(TraceEntry.subject_id) == subject[1],
            col(TraceEntry.act).in_(templates),
        )
    )
    for key, entry, summary in entries.all():
        told = retold(templates[entry], summary, words)
        if told is not None and told != summary:
            await keep_words(act, key, RedactedField.SUMMARY, told)
