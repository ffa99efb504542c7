"""Full-text search in memory: what has the words somewhere in its title or text, ranked one document at a time."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from services.core.scope import subtree
from services.reads.catalogue.shape import Entity
from services.search.folding import folded, standing
from services.search.terms import AFTER, BEFORE, RUN, query, words
from tests.graph.oracle.lists import Listed
from tests.graph.oracle.rows import Row, Rows
from tests.graph.oracle.templates import quoted

ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
DOCUMENTS = "SELECT json_build_array(id, kind, division_number, title, text) FROM search_document"


@dataclass(frozen=True)
class Document:
    """What search knows of one thing."""

    id: str
    kind: str
    division_number: int
    title: str | None
    text: str | None

    @cached_property
    def letters(self) -> set[str]:
        """The runs of other letters than Han characters."""
        runs = RUN.finditer(folded(f"{self.title or ''}\n{self.text or ''}"))
        return {run.group() for run in runs if run["han"] is None}

    def has(self, word: str) -> bool:
        """Tell whether a word stands in the title or the text."""
        if is_han(word):
            return word in folded(self.title or "") or word in folded(self.text or "")
        return word in self.letters


def is_han(word: str) -> bool:
    """Tell whether a word is of Han characters."""
    run = RUN.match(word)
    return run is not None and run["han"] is not None


async def documents(rows: Rows) -> list[Document]:
    """Return all documents."""
    return [Document(*json.loads(text)) for text in await rows.values(DOCUMENTS)]


async def hits(rows: Rows, entity: Entity, arguments: Mapping[str, Any]) -> list[tuple[Document, float]]:
    """Return the documents that search finds, seen or not, with their ranks."""
    sought = words(arguments["text"])
    kinds, place = arguments.get("kinds"), arguments.get("within")
    scope = None if place is None else subtree(place)
    found = [
        one
        for one in await documents(rows)
        if all(one.has(word) for word in sought)
        and (kinds is None or one.kind in kinds)
        and (scope is None or scope.lower <= one.division_number < scope.upper)
    ]
    asked = f"{quoted(query(arguments['text']))}::tsquery"
    ranking = entity.orders["rank"].sql.format(t="document", query=asked)
    ranked = []
    for one in found:
        (rank,) = await rows.values(f"SELECT ({ranking})::text FROM search_document AS document WHERE id = '{one.id}'")
        ranked.append((one, float(rank)))
    return ranked


def listed(document: Document, thing: Row, rank: float) -> Listed:
    """Return a hit with the values of its order."""
    return Listed((document, thing), (int(rank) if rank.is_integer() else rank, UUID(document.id)))


def snippet(document: Document, text: str) -> str | None:
    """Return the part of the text, or else of the title, around its first hit, as HTML with the hits marked."""
    longest_first = sorted(words(text), key=len, reverse=True)
    each = [standing(word) for word in longest_first]
    for whole in (document.text, document.title):
        found = [
            hit
            for start in range(len(whole or ""))
            for one in each
            if (hit := _at(one, whole or "", start)) is not None
        ]
        if whole is not None and found:
            start = max(0, min(found)[0] - BEFORE)
            end = min(len(whole), max(end for begin, end in found if begin <= start + BEFORE) + AFTER)
            part = _marked(whole[start:end], re.compile("|".join(each)))
            return f"{'…' if start else ''}{part}{'…' if end < len(whole) else ''}"
    return None


def _at(expression: str, whole: str, start: int) -> tuple[int, int] | None:
    """Return where a word that begins there begins and ends."""
    found = re.compile(expression).match(whole, start)
    return found.span() if found else None


def _marked(part: str, expression: re.Pattern[str]) -> str:
    """Return a part as HTML."""
    written, end = "", 0
    part = part.translate({1: None, 2: None})
    for hit in expression.finditer(part):
        written += f"{_escaped(part[end : hit.start()])}<mark>{_escaped(hit.group())}</mark>"
        end = hit.end()
    return written + _escaped(part[end:])


def _escaped(text: str) -> str:
    return "".join(ESCAPED.get(character, character) for character in text)
