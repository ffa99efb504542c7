from uuid import UUID

from services.core.transaction import WriteTx
from services.search.enums import SearchKind
from services.search.models import SearchDocument
from services.search.terms import EDITION, vector


async def make_findable(  # noqa: PLR0913 -- the facts of a document
    tx: WriteTx,
    kind: SearchKind,
    id: UUID,  # noqa: A002 -- the column's name
    *,
    division_number: int,
    title: str | None = None,
    text: str | None = None,
) -> None:
    """A new thing is found by its words from the moment that the transaction commits.

    New topics and matters are not published yet; all else is seen by everybody.
    """
    document = {
        "id": id,
        "kind": kind,
        "division_number": division_number,
        "title": title,
        "text": text,
        "published": kind not in {SearchKind.TOPIC, SearchKind.MATTER},
        "edition": EDITION,
        "terms": vector(title, text),
    }
    await tx.insert(SearchDocument, document)


async def keep_findable(tx: WriteTx, id: UUID, *, title: str | None = None, text: str | None = None) -> None:  # noqa: A002 -- the column's name
    """A thing is found by its new words, and by its old ones no longer; one that was never indexed waits for that."""
    document = await tx.get(SearchDocument, id)
    if document is not None:
        document.title, document.text, document.terms = title, text, vector(title, text)
        document.edition = EDITION
