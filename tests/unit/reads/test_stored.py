import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Column as StoredColumn
from sqlalchemy import Table
from sqlmodel import SQLModel

from graph.schema import build_schema
from services.core.tables import table_of
from services.notices.enums import ReceiptStatus
from services.reads.catalogue.common import between, one_of, published
from services.reads.catalogue.entities import DECLARED, ENTITIES, TABLES
from services.reads.catalogue.shape import Column, Entity, Field, Named, One, Order
from services.reads.catalogue.stored import Guarded, Redacted, completed
from services.reads.text import Form
from services.reads.visibility import WORDS
from services.redactions.enums import RedactedField
from services.topics.enums import TopicKind


@pytest.mark.parametrize(
    ("entity", "name", "field"),
    [
        ("Topic", "id", Column("'topic_' || {t}.id{at_instant}", Form.LITERAL)),
        ("Division", "id", Column("'division_' || {t}.code{at_instant}", Form.LITERAL)),
        ("Topic", "number", Column("{t}.number", Form.LITERAL)),
        ("Topic", "summary", Column(published("summary", sees="sees_words_of_topic"), nullable=True)),
        ("Topic", "published_resolution", Column(published("resolution", since="resolved_at"), nullable=True)),
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


def guarded(table: Table) -> Iterator["StoredColumn[object]"]:
    """Give the columns of a table that not everybody may read."""
    yield from (stored for stored in table.columns if stored.info.get("guarded"))


GUARDED = [(entity, stored.name) for entity in DECLARED if entity.model for stored in guarded(table_of(entity.model))]
EXPRESSED = [
    ("Attendance", "name"),
    ("DepartmentChannel", "last_error"),
    ("FollowUp", "recorded_by"),
    ("FollowUp", "respondent"),
    ("Notice", "last_error"),
    ("Notice", "skip_reason"),
    ("RoleGrant", "granted_by"),
    ("RoleGrant", "revoked_by"),
    ("RoleGrant", "subject"),
]
"""Guarded columns that are read, each by what the catalogue declares."""


def test_guarded_columns_are_read_by_what_is_declared_for_them_alone() -> None:
    declared = {(entity.name, name) for entity, name in GUARDED if name in entity.fields}
    assert sorted(declared) == EXPRESSED


@pytest.mark.parametrize(("entity", "name"), GUARDED, ids=lambda part: getattr(part, "name", part))
def test_guarded_column_is_not_derived(entity: Entity, name: str) -> None:
    bare = completed(replace(entity, fields={}, filters={}, orders={}, source="", key="{t}.id"), TABLES)
    for derived in (bare.fields, bare.filters, bare.orders):
        with pytest.raises(Guarded, match=rf"\.{name} is guarded: the catalogue has to declare how it is read"):
            derived[name]


@pytest.mark.parametrize(("entity", "name"), EXPRESSED)
def test_schema_is_not_built_without_the_expression_of_a_guarded_column(
    entity: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (whole,) = (each for each in DECLARED if each.name == entity)
    bare = replace(whole, fields={key: field for key, field in whole.fields.items() if key != name})
    monkeypatch.setattr("graph.schema.ENTITIES", {**ENTITIES, entity: completed(bare, TABLES)})
    with pytest.raises(Guarded, match=rf"\.{name} is guarded"):
        build_schema()


def test_every_column_that_says_who_somebody_is_is_guarded() -> None:
    who = re.compile(r"subject|actor|respondent|.*_by")
    public = {"event.subject", "matter.raised_by"}  # a topic's number, and the part that somebody took
    named = [
        stored
        for table in SQLModel.metadata.tables.values()
        for stored in table.columns
        if who.fullmatch(stored.name) and not table.name.endswith("_history")
    ]
    assert {str(stored) for stored in named} >= {*public, "topic.subject", "trace_entry.actor", "role_grant.granted_by"}
    assert {str(stored) for stored in named if "guarded" not in stored.info} == public


REDACTABLE = [
    (entity, name)
    for entity in ENTITIES.values()
    if entity.model is not None
    for name, stored in table_of(entity.model).columns.items()
    if stored.info.get("redactable")
]


@pytest.mark.parametrize(("entity", "name"), REDACTABLE, ids=lambda part: getattr(part, "name", part))
def test_redactable_column_is_neither_filtered_nor_ordered_by(entity: Entity, name: str) -> None:
    for derived in (entity.filters, entity.orders):
        with pytest.raises(Redacted, match=rf"\.{name} is redactable"):
            derived[name]


def test_every_redactable_column_has_a_rule_a_mark_and_a_word_for_it() -> None:
    tables = {table_of(entity.model) for entity, _ in REDACTABLE if entity.model is not None}
    assert {table.name for table in tables} == WORDS.keys()
    assert all("redacted" in table.columns for table in tables)
    summaries = {RedactedField.WHOLE, RedactedField.SUMMARY, RedactedField.TEXT}  # of the thing, and of its trace
    assert {RedactedField.of(name) for _, name in REDACTABLE} | summaries == set(RedactedField)
