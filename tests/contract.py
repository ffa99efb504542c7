"""What tests of the event contract check with: JSON Schema as published, formats too."""

from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from events.contract.schemas import Schema

FORMATS = FormatChecker(["uuid", "date"])


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def problems(schema: Schema, value: Any) -> list[str]:
    """Return what a value has against a schema."""
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in errors]


def closed(schema: Schema) -> Schema:
    """Return a schema that takes no field which it does not name."""
    found = dict(schema)
    if "$defs" in schema:
        found["$defs"] = {name: closed(each) for name, each in schema["$defs"].items()}
    if "properties" in schema:
        found["additionalProperties"] = False
        found["properties"] = {name: closed(each) for name, each in schema["properties"].items()}
    return found
