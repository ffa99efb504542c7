"""An example of every message: from the examples of its fields, and what tells a type from the others."""

from typing import Any

from events.contract.schemas import Json, Schema
from services.topics.enums import TopicStatus

SITE = "https://shangliang.example.org"

CAUSE = "01a2078e-d9fc-7209-b139-68d5206cdc9b"


def state(status: TopicStatus, **facts: Json) -> dict[str, Any]:
    """Return what the example of an event says of its topic."""
    return {"data": {"topic": {"status": status.value, **facts}}}


OWN: dict[str, dict[str, Any]] = {
    "topic.listed": state(TopicStatus.LISTED, scheduled_at=None),
    "topic.cancelled": state(TopicStatus.LISTED, scheduled_at=None),
    "session.held": state(TopicStatus.DELIBERATED, scheduled_at=None),
    "session.corrected": state(TopicStatus.DELIBERATED, scheduled_at=None),
    "session.overdue": state(TopicStatus.DELIBERATED, scheduled_at=None),
    "outcome.recorded": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "outcome.corrected": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.assigned": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.corrected": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.verified": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.disputed": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.due": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "commitment.withdrawn": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "topic.resolved": state(TopicStatus.RESOLVED, scheduled_at=None),
    "topic.reopened": state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    "topic.withdrawn": state(TopicStatus.WITHDRAWN, scheduled_at=None),
    "reply.rejected": {"causationid": CAUSE},
    "notice.reminder": {"causationid": CAUSE},
    "reply.progress": {"data": {"note": "已完成现场勘界。"}},
    "reply.completed": {"data": {"evidence_url": "https://court.example.org/notices/2026-1203"}},
}
"""What an example says otherwise than its fields' examples, by the message's name."""


def example(name: str, schema: Schema) -> Json:
    """Return a message of the type as it is sent."""
    return merged(instance(schema), OWN.get(name, {}))


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
