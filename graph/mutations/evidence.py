import strawberry
from strawberry import UNSET

from graph.inputs.bounded import bounded
from graph.mutations.perform import given
from services.core.bounds import NOTE, SHA256, URL
from services.topics.evidence import EvidenceGiven


@strawberry.input(description="A document that shows something: its address, its SHA-256, a note (佐证材料).")
class EvidenceInput:
    """A document that shows something."""

    url: str = bounded(URL)
    sha256: str | None = bounded(SHA256, default=UNSET)
    note: str | None = bounded(NOTE, default=UNSET)

    def as_given(self) -> EvidenceGiven:
        """Return the document as commands take it."""
        return EvidenceGiven(self.url, given(self.sha256), given(self.note))
