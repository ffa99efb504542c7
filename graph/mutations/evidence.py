import strawberry
from strawberry import UNSET

from graph.mutations.perform import given
from services.topics.evidence import EvidenceGiven


@strawberry.input(description="A document that shows something: its address, its SHA-256, a note (佐证材料).")
class EvidenceInput:
    """A document that shows something."""

    url: str
    sha256: str | None = strawberry.field(description="64 hexadecimal digits.", default=UNSET)
    note: str | None = UNSET

    def as_given(self) -> EvidenceGiven:
        """Return the document as commands take it."""
        return EvidenceGiven(self.url, given(self.sha256), given(self.note))
