"""What the public reads of a topic, of what shows that it is resolved, and of its trace."""

from collections.abc import Sequence
from uuid import UUID

from services.core.act import Act
from services.core.actor import Role
from services.core.lookup import row_by_id
from services.core.tables import RedactableModel
from services.matters.records import authorized_matter, trace_matter
from services.redactions.enums import WITHHELD, RedactedField
from services.redactions.records import keep_words, redact
from services.search.records import keep_findable
from services.topics.models import Topic
from services.topics.records import authorized_topic, templates
from services.trace.acts import summary_of
from services.trace.models import TraceChain, TraceEntry
from services.trace.record import record
from services.trace.redactions import retell


async def redact_topic(  # noqa: PLR0913 -- the words of a topic
    act: Act,
    *,
    topic_id: UUID,
    reason: str,
    title: str | None,
    summary: str | None,
    resolution: str | None,
    expected_version: int | None,
) -> UUID:
    """Everybody but staff and whoever proposed it reads other words of the topic; what is None stays as it is.

    It is found by the new words and no longer by the old ones, and its trace has the new title. Raises NotFound,
    Forbidden, VersionConflict, NothingToRedact, NothingCorrected, ConstraintViolated.
    """
    topic, role = await authorized_topic(act, topic_id, expected_version)
    given = {"title": title and title.strip(), "summary": summary, "resolution": resolution}
    stands = await redact(act, topic, given)
    await keep_findable(act.tx, topic.id, title=stands["title"], text=stands["summary"])
    topic.version += 1
    await tell_redacted(act, [topic], topic, role=role, reason=reason)
    return topic.id


async def redact_trace_entry(act: Act, *, trace_entry_id: UUID, reason: str, summary: str | None) -> UUID:
    """Everybody reads another summary of an entry of a trace, or none of it; what is hashed stays as it is.

    Returns the entry's id. Raises NotFound, Forbidden, ConstraintViolated.
    """
    entry = await row_by_id(act.tx, TraceEntry, trace_entry_id, "traceentry", thing="trace entry")
    chain = await act.tx.get_one(TraceChain, entry.chain_id)
    name, subject = "trace.redacted", None
    if entry.subject_kind is not None and entry.subject_id is not None:
        subject = (entry.subject_kind, entry.subject_id)
    if chain.matter_id is not None:
        matter, role = await authorized_matter(act, chain.matter_id, None)
        await trace_matter(act, matter, name, role=role, subject=subject, reason=reason)
    elif chain.topic_id is not None:
        topic, role = await authorized_topic(act, chain.topic_id)
        told = summary_of(name, {"reason": reason})
        await record(act, role=role, entry=name, summary=told, subject=subject, topic_id=topic.id)
    await keep_words(act, entry.id, RedactedField.TEXT, summary or WITHHELD)
    return entry.id


async def tell_redacted(act: Act, topics: Sequence[Topic], row: RedactableModel, *, role: Role, reason: str) -> None:
    """Record in the traces of topics, locked, that a thing was redacted; the public reads them accordingly."""
    kind = str(row.__tablename__).replace("_", "")
    subject, entry = (kind, row.id), f"{kind}.redacted"
    for topic in sorted(topics, key=lambda one: one.id):
        summary = summary_of(entry, {"reason": reason})
        await record(act, role=role, entry=entry, summary=summary, subject=subject, topic_id=topic.id)
    await retell(act, subject, templates(), topic_ids=[topic.id for topic in topics])
