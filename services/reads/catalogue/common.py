"""Predicates and columns that many entities share."""

import re
from enum import Enum
from typing import Any
from uuid import UUID

from services.core.bounds import PART_OF_NAME
from services.core.errors import InvalidInput
from services.core.ids import node_uuid, parted
from services.core.scope import subtree
from services.reads.catalogue.shape import Column, Filter, Filters, Named
from services.reads.text import Form
from services.search.folding import folded

SPECIAL, ESCAPED = re.compile(r"[\\%_]"), r"\\\g<0>"
"""What means something in a pattern of LIKE, and what stands for itself."""


def event_id_column(key: str = "{t}.id") -> Column:
    """Return the column of an event's id, which is the same at every instant."""
    return Column(f"'event_' || {key}", Form.LITERAL)


def enum_column(sql: str) -> Column:
    """Return the column of an enum."""
    return Column(sql, Form.LITERAL)


def lower_bound(code: str) -> int:
    """Return the first division number of a code's subtree."""
    return subtree(code).lower


def upper_bound(code: str) -> int:
    """Return the end of a code's subtree, exclusive."""
    return subtree(code).upper


def within(expression: str = "{t}.division_number") -> Filter:
    """Return the filter by a division: rows in its subtree."""
    return Filter(
        f"({expression} >= {{lower}} AND {expression} < {{upper}})",
        {"lower": ("bigint", lower_bound), "upper": ("bigint", upper_bound)},
        # With + 0 the planner, which does not know the values, takes the range for a larger part of the table.
        wide=f"({expression} >= {{lower}} AND {expression} + 0 < {{upper}})",
        names=Named("Division", "{t}.number = {lower}"),
    )


def of_department(predicate: str) -> Filter:
    """Return the filter by a department's code, which the predicate calls {value}."""
    return Filter(predicate, {"value": ("text", None)}, names=Named("Department", "{t}.code = {value}"))


def one_of(expression: str, values: type[Enum] | None = None) -> Filter:
    """Return the filter by a list of values, of an enum if it is given."""
    return Filter(f"{expression} = ANY({{value}})", {"value": ("text[]", None)}, values=values)


def has_in_name(expression: str = "{t}.name") -> Filter:
    """Return the filter by a part of a name, as it is given or as it is folded: names are mostly written so.

    Names are compared one by one: of a province's that takes less than a filter is charged.
    """
    return Filter(
        f"({expression} LIKE {{value}} OR {expression} LIKE {{folded}})",
        {"value": ("text", containing), "folded": ("text", lambda text: containing(folded(text)))},
    )


def containing(text: str) -> str:
    """Return the pattern of LIKE for texts that have another in them. Raises OutOfBounds."""
    PART_OF_NAME.check(text, name="name")
    return f"%{SPECIAL.sub(ESCAPED, text)}%"


def equals(expression: str, sql_type: str = "text") -> Filter:
    """Return the filter by equality with a value."""
    return Filter(f"{expression} = {{value}}", {"value": (sql_type, None)})


def refers_to(expression: str, entity: str) -> Filter:
    """Return the filter by a reference to a row of the entity, given by its global id; a wrong id is bad input.

    The row must exist, and the caller must see it.
    """

    def via(text: Any) -> UUID:  # noqa: ANN401 -- whatever the operation holds
        return node_uuid(entity.lower(), str(text))

    return Filter(f"{expression} = {{value}}", {"value": ("uuid", via)}, names=Named(entity, "{t}.id = {value}"))


def found_by_id(kind: str) -> Filter:
    """Return the look-up of a row by its global id; other texts find no row."""
    return Filter("{t}.id = {value}", {"value": ("uuid", lambda text: uuid_or_none(kind, text))})


def uuid_or_none(kind: str, text: str) -> UUID | None:
    """Return the UUID in a global id of the kind, with or without an instant; None for other texts."""
    try:
        return node_uuid(kind, parted(text)[0])
    except InvalidInput:
        return None


def between(expression: str, sql_type: str) -> Filters:
    """Return the filter by a half-open range: `from` inclusive, `until` exclusive."""
    return {
        "from_": Filter(f"{expression} >= {{value}}", {"value": (sql_type, None)}),
        "until": Filter(f"{expression} < {{value}}", {"value": (sql_type, None)}),
    }


def is_overdue(alias: str) -> str:
    """Return the predicate that a commitment is past its due date and not fulfilled."""
    return f"{alias}.due_on < {{today}} AND {alias}.status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN')"


def other_words(field: str, until: str = "") -> str:
    """Return the expression of the words that the public reads in place of others; null where staff gave none.

    `until` narrows which redactions hold for the row. They are those of now, as of an instant too.
    """
    return (
        "(SELECT other.words FROM {table_redaction} AS other "
        f"WHERE other.thing_id = {{t}}.id AND other.field = '{field}'{until})"
    )


def published(column: str, since: str | None = None, sees: str | None = None) -> str:
    """Return the expression of what the public reads of a redactable column, which callers read in `sees` as it is.

    Only in rows that are marked are redactions looked for, and in all as of an instant.
    """
    until = f" AND other.redacted_at >= {{t}}.{since}" if since else ""
    seen = f"WHEN {{{sees}}} THEN {{t}}.{column} " if sees else ""
    found = f"coalesce({other_words(column.upper(), until)}, {{t}}.{column})"
    return (
        f"CASE WHEN {{t}}.redacted{{or_past}} THEN CASE {seen}WHEN {{t}}.{column} IS NOT NULL THEN {found} END "
        f"ELSE {{t}}.{column} END"
    )


IN_SUBTREE = "({t}.division_number >= {p}.number AND {t}.division_number < {p}.upper)"
"""The row's division lies in the subtree of the parent, a division."""

IN_WIDE_SUBTREE = "({t}.division_number >= {p}.number AND {t}.division_number + 0 < {p}.upper)"
"""The same for a large subtree, as in `within`."""

CHINA_DAY = "({}::timestamp AT TIME ZONE 'Asia/Shanghai')"
"""The instant at which a calendar day begins in China."""
