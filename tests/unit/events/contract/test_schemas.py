from datetime import date
from enum import StrEnum

import pytest
from pydantic import BaseModel

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
        "description": "A thing.",
        "type": "object",
        "required": ["title", "colour", "days"],
        "properties": {
            "title": {"type": "string"},
            "colour": {"description": "What it looks like.", "type": ["string", "null"], "enum": ["RED", None]},
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
