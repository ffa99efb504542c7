"""What the public reads of outcomes and of what followed from them."""

from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS
from services.core.lookup import row_by_id
from services.outcomes.conversions import converted_topics
from services.outcomes.models import Commitment, Conversion, FollowUp, Outcome, Progress, Verdict
from services.outcomes.records import lock_commitment
from services.redactions.records import redact
from services.search.records import keep_findable
from services.topics.models import Evidence, Topic
from services.topics.records import authorized_topic
from services.topics.redactions import tell_redacted


async def redact_outcome(act: Act, *, outcome_id: UUID, reason: str, agreement: str | None) -> UUID:
    """Everybody but staff reads another agreement, or none of it where none is given, and finds it by these words.

    Returns the outcome's id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    outcome = await row_by_id(act.tx, Outcome, outcome_id, "outcome")
    topic, role = await authorized_topic(act, outcome.topic_id)
    await act.tx.refresh(outcome, with_for_update=True)
    stands = await redact(act, outcome, {"agreement": agreement}, withhold=True)
    await keep_findable(act.tx, outcome.id, text=stands["agreement"])
    await tell_redacted(act, [topic], outcome, role=role, reason=reason)
    return outcome.id


async def redact_commitment(act: Act, *, commitment_id: UUID, reason: str, task: str | None) -> UUID:
    """Everybody but staff reads another task of a commitment, or none of it where none is given.

    Returns its id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    commitment = await lock_commitment(act.tx, commitment_id)
    await _redact_of(act, commitment, commitment, {"task": task}, reason)
    return commitment.id


async def redact_progress(act: Act, *, progress_id: UUID, reason: str, note: str | None) -> UUID:
    """Everybody but staff reads another note of a report, or none of it where none is given.

    Returns its id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    progress = await row_by_id(act.tx, Progress, progress_id, "progress")
    commitment = await lock_commitment(act.tx, progress.commitment_id)
    await _redact_of(act, commitment, progress, {"note": note}, reason)
    return progress.id


async def redact_verdict(act: Act, *, verdict_id: UUID, reason: str, note: str | None) -> UUID:
    """Everybody but staff reads another note of a verdict, or none of it where none is given.

    Returns its id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    verdict = await row_by_id(act.tx, Verdict, verdict_id, "verdict")
    commitment = await lock_commitment(act.tx, verdict.commitment_id)
    await _redact_of(act, commitment, verdict, {"note": note}, reason)
    return verdict.id


async def redact_evidence(act: Act, *, evidence_id: UUID, reason: str, url: str | None, note: str | None) -> UUID:
    """Everybody but staff reads another address and another note of a document; none of what is not given.

    Returns its id. Raises NotFound, Forbidden, NothingToRedact, NothingCorrected, ConstraintViolated.
    """
    evidence = await row_by_id(act.tx, Evidence, evidence_id, "evidence")
    words = {"url": url, "note": note}
    if evidence.commitment_id is not None:
        commitment = await lock_commitment(act.tx, evidence.commitment_id)
        await _redact_of(act, commitment, evidence, words, reason)
    elif evidence.topic_id is not None:
        topic, role = await authorized_topic(act, evidence.topic_id)
        await act.tx.refresh(evidence, with_for_update=True)
        await redact(act, evidence, words, withhold=True)
        await tell_redacted(act, [topic], evidence, role=role, reason=reason)
    return evidence.id


async def redact_conversion(act: Act, *, conversion_id: UUID, reason: str, title: str | None) -> UUID:
    """Everybody but staff reads another title of a document, or none of it where none is given.

    Returns the conversion's id. Raises NotFound, Forbidden, NothingCorrected, ConstraintViolated.
    """
    conversion = await row_by_id(act.tx, Conversion, conversion_id, "conversion")
    role = act.actor.require(conversion.division_number, *ACTS)
    topics = await converted_topics(act.tx, conversion)
    await act.tx.refresh(conversion, with_for_update=True)
    await redact(act, conversion, {"title": title}, withhold=True)
    await tell_redacted(act, topics, conversion, role=role, reason=reason)
    return conversion.id


async def redact_follow_up(act: Act, *, follow_up_id: UUID, reason: str, comment: str | None) -> UUID:
    """Everybody but staff and whoever answered reads another comment, or none of it where none is given.

    It holds for the answer that stands and for those that it replaced, and not for a later one of the same person.
    Returns the follow-up's id. Raises NotFound, Forbidden, NothingToRedact, NothingCorrected, ConstraintViolated.
    """
    answer = await row_by_id(act.tx, FollowUp, follow_up_id, "followup")
    topic, role = await authorized_topic(act, answer.topic_id)
    await act.tx.refresh(answer, with_for_update=True)
    await redact(act, answer, {"comment": comment}, withhold=True)
    await tell_redacted(act, [topic], answer, role=role, reason=reason)
    return answer.id


async def _redact_of(
    act: Act,
    commitment: Commitment,
    row: Commitment | Progress | Verdict | Evidence,
    words: dict[str, str | None],
    reason: str,
) -> None:
    """Redact a commitment, which is locked, or what was said of it. Raises Forbidden, NothingCorrected."""
    role = act.actor.require(commitment.division_number, *ACTS)
    topic = await act.tx.get_one(Topic, commitment.topic_id)
    await act.tx.refresh(row, with_for_update=True)
    await redact(act, row, words, withhold=True)
    await tell_redacted(act, [topic], row, role=role, reason=reason)
