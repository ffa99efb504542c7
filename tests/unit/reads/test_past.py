import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from services.core.ids import new_id
from services.migrations.tables import metadata
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Many, One, Paged
from services.reads.moments import following
from services.reads.past import NAMED, PRESENT, TABLES, VERSIONS
from services.reads.visibility import RULES

WORD = re.compile(r"\w+")
PLACE = re.compile(r"\{\w+\}|'[^']*'")
"""Names that templates give to other things, and constants."""


def texts(thing: object) -> Iterator[str]:
    """Give every text that something holds."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from texts(value)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name))


def named(things: Any) -> set[str]:
    """Return the tables that texts name."""
    return {word for text in texts(things) for word in WORD.findall(PLACE.sub("", text))} & set(metadata.tables)


def test_every_table_beneath_an_instant_has_its_past_or_is_said_to_have_none() -> None:
    tables = set[str]().union(*(named(thing) for thing in (*ENTITIES.values(), *RULES.values())))
    assert tables == {*TABLES, *PRESENT}
    assert not PRESENT & set(TABLES)


def test_tables_are_named_where_they_are_found() -> None:
    """Templates name a table after FROM or JOIN, and nowhere else is one of that name."""
    for entity in ENTITIES.values():
        for text in texts(entity.joins):
            assert named(text) - PRESENT <= set(NAMED.findall(text)), text
        for field in entity.fields.values():
            if isinstance(field, One | Many | Paged):
                sql = f"{getattr(field, 'where', '')} {getattr(field, 'source', '') or ''}"
                assert named(sql) - PRESENT <= set(NAMED.findall(sql)), sql


def test_tables_with_a_history_are_those_that_are_versions() -> None:
    histories = {name.removesuffix("_history") for name in metadata.tables if name.endswith("_history")}
    assert histories == {table for table, query in TABLES.items() if query is VERSIONS}
    for table in histories:
        columns = [column.name for column in metadata.tables[table].columns]
        assert [column.name for column in metadata.tables[f"{table}_history"].columns] == [*columns, "replaced_at"]


def test_ids_made_until_now_are_less_than_what_follows() -> None:
    made = new_id()
    assert made < following(datetime.now(UTC))


@pytest.mark.parametrize(
    ("instant", "least"),
    [
        (datetime(2024, 5, 1, tzinfo=UTC), "018f3173-7001-0000-0000-000000000000"),
        (datetime(2024, 5, 1, 0, 0, 0, 999, tzinfo=UTC), "018f3173-7001-0000-0000-000000000000"),
        (datetime(1, 1, 2, tzinfo=UTC), "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_follows_an_instant_is_its_next_millisecond(instant: datetime, least: str) -> None:
    assert str(following(instant)) == least
