"""Segmentation: the same rules make a document's terms when it is written and a query's when somebody asks.

A run of Han characters is cut by rjieba's dictionary into words and the words within them. Its pairs of neighbours are
terms too, of a lesser weight, so that every two characters in a row are found even where the dictionary cuts between
them, and longer words as pairs that follow each other. Other letters and digits are one term a run. A text is
folded before it is cut.
"""

import re
from collections.abc import Iterator

import rjieba

from services.search.errors import SearchTextEmpty, SearchTextTooLong
from services.search.folding import HAN, MARKS, folded, standing

EDITION = 2
"""Counted up whenever the same text gets other terms: an index of another edition has to be made anew."""
RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?:(?![{HAN}])[^\W_][{MARKS}]*)+")
IN_HAN = re.compile(f"[{HAN}]")
PAIR = 2
TEXT_MOST = 200
RUN_MOST = 100
"""Characters of a run of letters, or of a word in Han, that count; PostgreSQL's limit is 2,046 bytes a term."""
GAP = 10
"""Between a title and a text, so that no pair of terms spans both."""
WEIGHTS = (("A", "C"), ("B", "D"))
"""Of words and of mere pairs, in the title and in the text."""
BEFORE, AFTER = 15, 45
"""Characters of an excerpt around its first hit."""


def vector(title: str | None, text: str | None) -> str:
    """Return a document's terms with their positions and weights, as PostgreSQL writes a tsvector."""
    places: dict[str, list[str]] = {}
    start = 1
    for content, (word, pair) in zip((folded(title or ""), folded(text or "")), WEIGHTS, strict=True):
        for term, position, is_word in _terms(content):
            places.setdefault(term, []).append(f"{start + position}{word if is_word else pair}")
        start += len(content) + GAP
    return " ".join([f"'{term}':{','.join(positions)}" for term, positions in places.items()])


def _terms(content: str) -> Iterator[tuple[str, int, bool]]:
    """Give the terms of a folded text, where each begins and whether it is a word."""
    for found in RUN.finditer(content):
        run, at = found.group(), found.start()
        if found["han"] is None:
            yield run[:RUN_MOST], at, True
            continue
        for word, begin, _ in rjieba.tokenize(run, "search"):
            if len(word) <= RUN_MOST:  # what no dictionary cuts is found by its pairs
                yield word, at + begin, True
        for begin in range(len(run)):
            yield run[begin : begin + PAIR], at + begin, False


def words(text: str) -> list[str]:
    """Return the words that somebody looks for, each once; two characters by themselves are one, known or not.

    Raises SearchTextEmpty, SearchTextTooLong.
    """
    if len(text) > TEXT_MOST:
        raise SearchTextTooLong(len(text), TEXT_MOST)
    found: dict[str, None] = {}
    for run in RUN.finditer(folded(text)):
        is_cut = run["han"] is not None and len(run["han"]) > PAIR
        found.update(dict.fromkeys(rjieba.cut(run.group()) if is_cut else [run.group()[:RUN_MOST]]))
    if not found:
        raise SearchTextEmpty
    return list(found)


def query(text: str) -> str:
    """Return what holds for documents with all words of a text, as PostgreSQL writes a tsquery."""
    return " & ".join(_sought(word) for word in words(text))


def _sought(word: str) -> str:
    """Return what finds one word: as a word where documents have it as one, and as its pairs in a row."""
    if not IN_HAN.match(word) or len(word) == PAIR:
        return f"'{word}'"
    if len(word) == 1:
        return f"'{word}':*"
    pairs = " <-> ".join(f"'{word[at : at + PAIR]}'" for at in range(len(word) - 1))
    return f"('{word}' | {pairs})"


def hits(text: str) -> str:
    """Return the regular expression, as PostgreSQL writes it, of the words of a text where they stand in another."""
    longest_first = sorted(words(text), key=len, reverse=True)
    return f"(?:{'|'.join(standing(word) for word in longest_first)})"


def excerpt(text: str) -> str:
    """Return the regular expression of some characters around the first hit."""
    return f".{{0,{BEFORE}}}{hits(text)}.{{0,{AFTER}}}"
