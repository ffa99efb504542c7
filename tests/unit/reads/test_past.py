import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest

from services.core.ids import new_id
from services.migrations.tables import metadata
from services.reads.catalogue.entities import ENTITIES
from services.reads.moments import following
from services.reads.past import PRESENT, TABLES, VERSIONS
from services.reads.visibility import RULES

CONSTANT = re.compile(r"'[^']*'")
PLACE = re.compile(r"\{\w+\}")
TABLE = re.compile(r"\{table_(\w+)\}")
BARE = re.compile(rf"\b(?:{'|'.join(metadata.tables)})\b(?!\.)")
"""A table's name that is not before a column: what is named so is called as its table is."""


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


def sql() -> Iterator[str]:
    """Give every template of the catalogue and of what callers may see."""
    for entity in ENTITIES.values():
        for part in (entity.key, entity.fields, entity.joins, entity.visible, entity.filters, entity.orders):
            yield from texts(part)
        yield from texts(entity.stands_for)
    yield from texts(RULES)


def bare(text: str) -> list[str]:
    """Return the tables that a template names without a place for their past."""
    return BARE.findall(PLACE.sub("", CONSTANT.sub("", text)))


def test_every_table_that_is_read_has_its_past_or_is_said_to_have_none() -> None:
    sources = {entity.source for entity in ENTITIES.values() if entity.source}
    assert {table for text in sql() for table in TABLE.findall(text)} | sources == {*TABLES, *PRESENT}
    assert not PRESENT & set(TABLES)


def test_templates_name_tables_by_places_alone() -> None:
    assert {text: found for text in sql() if (found := bare(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("EXISTS (SELECT FROM\n topic AS listing)", ["topic"]),
        ("SELECT id FROM {table_topic}, matter AS raised", ["matter"]),
        ("JOIN  public.session ON true", ["session"]),
        ("SELECT lane.id FROM {table_lane} WHERE {topic}.kind = 'topic'", []),
    ],
)
def test_table_without_a_place_is_found(text: str, found: list[str]) -> None:
    assert bare(text) == found


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
