from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from services.core.tables import TableModel, choice
from services.search.enums import SearchKind
from services.search.terms import EDITION


class SearchDocument(TableModel, table=True):
    """What search knows of one thing, under the thing's own id: its words, and the texts that excerpts are cut from.

    Its place is the thing's. `published` says whether everybody sees the thing; triggers keep it. What the public
    searches is an index of its own, so that hidden documents cost it nothing, not even time.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        CheckConstraint("title IS NOT NULL OR text IS NOT NULL", name="has_words"),
        Index("ix_search_document_terms", "terms", postgresql_using="gin"),
        Index(
            "ix_search_document_published_terms", "terms", postgresql_using="gin", postgresql_where=text("published")
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: SearchKind = Field(sa_type=choice(SearchKind, "kind"))
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    title: str | None = None
    text: str | None = None
    published: bool
    edition: int = Field(default=EDITION, sa_type=SmallInteger)
    """Which rules made its terms."""
    terms: str = Field(sa_type=TSVECTOR, nullable=False)
