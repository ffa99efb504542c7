"""An example of every message: from the examples of its fields, and what tells a type from the others."""

from typing import Any

from events.contract.schemas import Json, Schema
from services.topics.enums import TopicStatus

SITE = "https://shangliang.example.org"

CAUSE = "01a2078e-d9fc-7209-b139-68d5206cdc9b"


def state(status: TopicStatus, **facts: Json) -> dict[str, Any]:
    """Return what the example of an event says of its topic otherwise than its fields' examples."""
    return {"data": {"topic": {"status": status.value, **facts}}}


def example(schema: Schema, own: dict[str, Any]) -> Json:
    """Return a message as it is sent: its fields' examples, but for what is its own."""
    return merged(instance(schema), own)


def instance(schema: Schema) -> Json:
    """Return a value of the schema, without the optional fields that have no example. Raises ValueError without any."""
    if "const" in schema:
        return schema["const"]
    if "examples" in schema:
        return schema["examples"][0]
    if schema["type"] != "object":
        raise ValueError(f"A field of the contract has no example: {schema}.")
    shown = {
        name: field
        for name, field in schema["properties"].items()
        if name in schema.get("required", ()) or "examples" in field
    }
    return {name: instance(field) for name, field in shown.items()}


def merged(value: Json, changes: dict[str, Any]) -> Json:
    """Return a JSON value with the changes in their places."""
    found = dict(value)
    for name, change in changes.items():
        found[name] = merged(found.get(name, {}), change) if isinstance(change, dict) else change
    return found
