"""SQL expressions that build JSON text: literals and columns joined by ||, neighbours merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Form(Enum):
    """How a column's value stands in JSON."""

    TEXT = "to_json({})::text"
    """Any text, escaped; instants, as ISO 8601 with offset."""
    LITERAL = "'\"' || {} || '\"'"
    """Text that needs no escape: ids, enums, codes, dates."""
    PLAIN = "({})::text"
    """Numbers and booleans."""

    def render(self, expression: str) -> str:
        """Return the SQL expression of the JSON text."""
        return self.value.format(expression)

    def pieces(self, expression: str) -> "list[Piece]":
        """Return the JSON text of a value that is never null; quotes join the literal text beside them."""
        if self is Form.LITERAL:
            return ['"', Sql(expression), '"']
        return [Sql(self.render(expression))]


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL expression of type text, among literal pieces of JSON."""

    expression: str


Piece: TypeAlias = str | Sql


def quote(literal: str) -> str:
    """Return an SQL string constant."""
    return "'" + literal.replace("'", "''") + "'"


def concatenate(pieces: Iterable[Piece]) -> str:
    """Return one SQL expression of type text for literal and computed pieces in order."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    parts = [quote(piece) if isinstance(piece, str) else piece.expression for piece in merged]
    if len(parts) == 1:
        return f"{parts[0]}::text"
    return " || ".join(parts)


def conjunction(predicates: Sequence[str]) -> str:
    """Return predicates joined by AND; true where there are none."""
    return " AND ".join(predicates) if predicates else "true"


def or_null(text: str) -> list[Piece]:
    """Return a JSON text, or null where the SQL expression is NULL."""
    return [Sql(f"coalesce({text}, 'null')")]


def json_array(rows: str) -> list[Piece]:
    """Return the JSON array of a query's rows, each a JSON text."""
    return ["[", Sql(f"array_to_string(ARRAY({rows}), ',')"), "]"]


def json_object(members: Iterable[tuple[str, Iterable[Piece]]]) -> list[Piece]:
    """Return the pieces of a JSON object. Keys are GraphQL names, hence need no escape."""
    pieces: list[Piece] = ["{"]
    for index, (key, value) in enumerate(members):
        pieces.append(f'{"," if index else ""}"{key}":')
        pieces.extend(value)
    pieces.append("}")
    return pieces
