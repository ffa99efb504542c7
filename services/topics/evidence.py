from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.core.act import Act
from services.topics.models import Evidence


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """A document that shows something: its address, its SHA-256 as 64 hexadecimal digits, a note."""

    url: str
    sha256: str | None = None
    note: str | None = None


def keep_evidence(
    act: Act, evidence: Sequence[EvidenceGiven], *, topic_id: UUID | None = None, commitment_id: UUID | None = None
) -> list[Evidence]:
    """Add and return the documents that show that a topic or a commitment, the one given, is done."""
    kept = [
        Evidence(
            topic_id=topic_id,
            commitment_id=commitment_id,
            at=act.now(),
            url=given.url,
            sha256=given.sha256.lower() if given.sha256 else None,
            note=given.note,
        )
        for given in evidence
    ]
    act.tx.add_all(kept)
    return kept
