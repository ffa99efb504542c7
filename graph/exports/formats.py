"""How rows become a file: CSV for spreadsheets (RFC 4180), or JSON Lines, an object a line."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import category, normalize

import orjson

from graph.exports.columns import Path, value
from services.core.characters import IGNORABLE

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know that a CSV file is UTF-8."""
FORMULA = frozenset("=+-@")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), in any width."""
BREAKS = ("\t", "\r", "\n")
"""What makes a spreadsheet look at what follows as at the beginning of a cell."""
STRIPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""General categories of characters that spreadsheets strip before they look: controls, formats, white space."""
INVISIBLE = re.compile(f"[{IGNORABLE}]")
BETWEEN = "; "
"""Between the values of a list in one cell."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file's media type, what stands before its rows, and what a batch of rows' JSON becomes."""

    media_type: str
    head: Callable[[Sequence[Path]], bytes]
    lines: Callable[[Sequence[Path], Sequence[str]], bytes]


def csv_head(columns: Sequence[Path]) -> bytes:
    """Return the mark and the columns' names."""
    return (BYTE_ORDER_MARK + _written([[".".join(path) for path in columns]])).encode()


def csv_lines(columns: Sequence[Path], rows: Sequence[str]) -> bytes:
    """Return a record for each row."""
    parsed = [orjson.loads(row) for row in rows]
    return _written([[cell(value(row, path)) for path in columns] for row in parsed]).encode()


def _written(records: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(records)
    return text.getvalue()


def cell(content: Any) -> str:  # noqa: ANN401 -- a JSON value
    """Return a value as a cell has it: nothing for null; text that might be a formula after an apostrophe."""
    if isinstance(content, str):
        return f"'{content}" if content.startswith(BREAKS) or _first_seen(content) in FORMULA else content
    if content is None:
        return ""
    if isinstance(content, list):
        return cell(BETWEEN.join(_flat(content)))
    return orjson.dumps(content).decode()


def _first_seen(text: str) -> str:
    """Return the first character that a spreadsheet sees, in its common form; empty where there is none."""
    seen = (one for one in text if category(one) not in STRIPPED and not INVISIBLE.match(one))
    return normalize("NFKC", next(seen, ""))


def _flat(items: Sequence[Any]) -> list[str]:
    """Return the values of a list, and of the lists in it, as text."""
    found = list[str]()
    for item in items:
        if isinstance(item, list):
            found += _flat(item)
        elif item is not None:
            found.append(item if isinstance(item, str) else orjson.dumps(item).decode())
    return found


def json_lines(_columns: Sequence[Path], rows: Sequence[str]) -> bytes:
    """Return a line for each row: the very object that the database wrote, which has no line break of its own."""
    return ("\n".join(rows) + "\n").encode()


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8; header=present", csv_head, csv_lines),
    "jsonl": Format("application/jsonl; charset=utf-8", lambda _columns: b"", json_lines),
}
"""By what a file's name ends with."""
