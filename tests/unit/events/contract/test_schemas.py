from datetime import date
from enum import StrEnum

import pytest
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from events.contract.schemas import schema_of


class Colour(StrEnum):
    """What it looks like."""

    RED = "RED"


class Thing(BaseModel):
    """A thing."""

    title: str
    colour: Colour | None
    days: list[date]


def test_schema_refers_to_nothing_and_keeps_a_field_named_like_a_keyword() -> None:
    assert schema_of(Thing) == {
        "title": "Thing",
        "description": "A thing.",
        "type": "object",
        "required": ["title", "colour", "days"],
        "properties": {
            "title": {"type": "string"},
            "colour": {
                "description": "What it looks like. Known: RED; others may be added.",
                "type": ["string", "null"],
                "examples": ["RED"],
            },
            "days": {"type": "array", "items": {"type": "string", "format": "date"}},
        },
        "additionalProperties": True,
    }


class Choice(BaseModel):
    """Either."""

    either: int | str


def test_alternatives_are_refused() -> None:
    with pytest.raises(ValueError, match="no plain form"):
        schema_of(Choice)


class Counted(BaseModel):
    """What has a bound that no schema knows."""

    count: int | SkipJsonSchema[None] = Field(ge=1)


def test_what_no_validator_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="No keyword of JSON Schema: ge"):
        schema_of(Counted)
