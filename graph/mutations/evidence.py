from graph.inputs.fields import bounded, input_type
from services.core.bounds import NOTE, SHA256, URL


@input_type()
class EvidenceInput:
    """A document that shows something: its address, its SHA-256, a note (佐证材料)."""

    url: str = bounded(URL)
    sha256: str | None = bounded(SHA256)
    note: str | None = bounded(NOTE)
