"""Full-text search: documents by their words, each shown as what it is about."""

from services.reads import visibility
from services.reads.catalogue.common import one_of, within
from services.reads.catalogue.shape import Column, Entity, NodeOf, Order, Paged
from services.search.models import SearchDocument
from services.search.terms import excerpt, hits, query

WEIGHTS = "ARRAY[0.05, 0.1, 0.4, 1]::real[]"
"""What a mere pair of characters counts in a text and in a title, what a word counts in a text and in a title."""

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "''": "&#39;"}
MARKS = {"E'\\x01'": "'<mark>'", "E'\\x02'": "'</mark>'"}
"""What stands around a hit until all else is escaped, and then."""


def snippet() -> str:
    """Return the expression of an excerpt from the text, or else from the title, as HTML with the hits marked."""
    marked = "regexp_replace(translate(part, E'\\x01\\x02', ''), {marked}, E'\\x01\\\\&\\x02', 'g')"
    for character, entity in ESCAPES.items():
        marked = f"replace({marked}, '{character}', '{entity}')"
    for mark, tag in MARKS.items():
        marked = f"replace({marked}, {mark}, {tag})"
    return (
        f"(SELECT CASE WHEN left(whole, length(part)) <> part THEN '…' ELSE '' END || {marked} "
        "|| CASE WHEN right(whole, length(part)) <> part THEN '…' ELSE '' END "
        "FROM (SELECT whole, substring(whole FROM {excerpt}) AS part FROM "
        "(SELECT CASE WHEN {t}.text ~ {marked} THEN {t}.text ELSE {t}.title END AS whole) AS chosen) AS cut)"
    )


SEARCH = Entity(
    name="Search",
    model=SearchDocument,
    visible=visibility.SEARCH,
    orders={"rank": Order(f"ts_rank_cd({WEIGHTS}, {{t}}.terms, {{query}})", "real")},
    default_order=(("rank", True),),
    stands_for=NodeOf("lower({t}.kind)", "{t}.id"),
)

HITS = Paged(
    "Search",
    where="{t}.terms @@ {query}",
    arguments={"kinds": one_of("{t}.kind"), "within": within()},
    given={
        "query": ("text", "text::tsquery", query),
        "marked": ("text", "text", hits),
        "excerpt": ("text", "text", excerpt),
    },
    edge={"snippet": Column(snippet(), nullable=True)},
)
