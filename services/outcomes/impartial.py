"""Nobody judges what they did themselves."""

from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String, Uuid

from services.core.act import Act
from services.outcomes.errors import OwnWork

WORK = ("commitment.accepted", "commitment.progressed", "commitment.completed")
"""The acts that are work on a commitment. A department's replies are its own, whoever sent them."""

OWN = text("""
SELECT EXISTS (
    SELECT FROM commitment JOIN department ON department.id = commitment.department_id
    WHERE commitment.topic_id = :topic AND commitment.id = coalesce(:commitment, commitment.id)
    AND (department.code = ANY (:departments) OR EXISTS (
        SELECT FROM trace_chain AS chain JOIN trace_entry AS entry ON entry.chain_id = chain.id
        WHERE chain.topic_id = commitment.topic_id AND entry.subject_id = commitment.id AND entry.actor = :subject
        AND entry.act = ANY (:work)
    ))
)
""").bindparams(
    bindparam("commitment", type_=Uuid),
    bindparam("departments", type_=ARRAY(String)),
    bindparam("work", WORK, ARRAY(String)),
)


async def require_impartial(act: Act, topic_id: UUID, commitment_id: UUID | None = None, *, path: str) -> None:
    """Require that the caller neither worked on the commitment, or any of the topic's, nor acts for its department.

    Raises OwnWork.
    """
    asked = {"topic": topic_id, "commitment": commitment_id, "departments": list(act.actor.departments())}
    if await act.tx.scalar(OWN, {**asked, "subject": act.actor.subject}):
        raise OwnWork(path)
