import pytest

from services.notices.enums import ReceiptStatus
from services.reads.catalogue.common import between, one_of
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Column, Field, Named, One, Order
from services.reads.text import Form
from services.topics.enums import TopicKind


@pytest.mark.parametrize(
    ("entity", "name", "field"),
    [
        ("Topic", "id", Column("'topic_' || {t}.id{at_instant}", Form.LITERAL)),
        ("Division", "id", Column("'division_' || {t}.code{at_instant}", Form.LITERAL)),
        ("Topic", "number", Column("{t}.number", Form.LITERAL)),
        ("Topic", "summary", Column("{t}.summary", nullable=True)),
        ("Topic", "kind", Column("{t}.kind", Form.LITERAL)),
        ("Topic", "version", Column("{t}.version", Form.PLAIN)),
        ("Topic", "listed_at", Column("{t}.listed_at", nullable=True)),
        ("Brand", "launched_on", Column("{t}.launched_on", Form.LITERAL, nullable=True)),
        ("DutyRule", "cap", Column("{t}.cap::float8", Form.PLAIN, nullable=True)),
        ("Topic", "platform", One("Platform", on="{t}.id = {p}.platform_id")),
        ("Conversion", "author", One("Member", on="{t}.id = {p}.author_id", nullable=True)),
        ("Division", "parent", One("Division", on="{t}.number = {p}.parent_number", nullable=True)),
    ],
)
def test_field_is_derived_from_the_model(entity: str, name: str, field: Field) -> None:
    assert ENTITIES[entity].fields[name] == field


def test_order_is_derived_from_the_model() -> None:
    orders = ENTITIES["Topic"].orders
    assert orders["number"] == Order("{t}.number", "text", unique=True)
    assert orders["scheduled_at"] == Order("{t}.scheduled_at", "timestamptz", nullable=True)


def test_filter_is_derived_from_the_model() -> None:
    filters = ENTITIES["Topic"].filters
    assert filters["kind"] == one_of("{t}.kind", TopicKind)
    assert filters["scheduled"] == between("{t}.scheduled_at", "timestamptz")
    assert filters["platform"].names == Named("Platform", "{t}.id = {value}")  # type: ignore[union-attr]


def test_filter_is_by_the_column_of_its_name_first() -> None:
    assert ENTITIES["Notice"].filters["receipt"] == one_of("{t}.receipt", ReceiptStatus)


def test_filter_is_the_same_each_time() -> None:
    """Its parameters are, so that a statement binds them once."""
    assert ENTITIES["Topic"].filters["platform"] is ENTITIES["Topic"].filters["platform"]


@pytest.mark.parametrize("name", ["colour", "division_", ""])
def test_name_that_no_column_answers_to_is_unknown(name: str) -> None:
    topic = ENTITIES["Topic"]
    assert (name in topic.fields, name in topic.orders, name in topic.filters) == (False, False, False)
