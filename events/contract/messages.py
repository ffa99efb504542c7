from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from pydantic import Field

from events.contract.attributes import Attributes, Data, TopicAttributes, TopicData
from events.contract.examples import CAUSE, SITE, example, state
from events.contract.schemas import DIALECT, Json, Schema, in_order, schema_of, shared
from events.messages.envelope import TYPE_VERSION, event_type
from events.messages.incoming import VERBS, ReplyData, ReplyEnvelope
from services.notices.events import (
    OF_THE_TOPIC,
    Fact,
    NoticeReminder,
    ReplyRejected,
    SystemRestored,
    SystemTest,
    TopicEvent,
)
from services.outcomes.events import (
    CommitmentAssigned,
    CommitmentCorrected,
    CommitmentDisputed,
    CommitmentDue,
    CommitmentVerified,
    CommitmentWithdrawn,
    OutcomeCorrected,
    OutcomeRecorded,
)
from services.sessions.events import (
    SessionCorrected,
    SessionHeld,
    SessionOverdue,
    TopicCancelled,
    TopicRescheduled,
    TopicScheduled,
)
from services.topics.enums import TopicStatus
from services.topics.events import (
    DepartmentReleased,
    TopicCorrected,
    TopicListed,
    TopicReopened,
    TopicResolved,
    TopicWithdrawn,
)

EVENTS: Mapping[type[Fact], dict[str, Any]] = {
    TopicListed: state(TopicStatus.LISTED, scheduled_at=None),
    TopicScheduled: {},
    TopicRescheduled: {},
    TopicCancelled: state(TopicStatus.LISTED, scheduled_at=None),
    SessionHeld: state(TopicStatus.DELIBERATED, scheduled_at=None),
    SessionCorrected: state(TopicStatus.DELIBERATED, scheduled_at=None),
    SessionOverdue: state(TopicStatus.DELIBERATED, scheduled_at=None),
    OutcomeRecorded: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    OutcomeCorrected: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentAssigned: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentCorrected: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentVerified: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentDisputed: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentDue: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    CommitmentWithdrawn: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    TopicResolved: state(TopicStatus.RESOLVED, scheduled_at=None),
    TopicReopened: state(TopicStatus.IMPLEMENTING, scheduled_at=None),
    TopicWithdrawn: state(TopicStatus.WITHDRAWN, scheduled_at=None),
    TopicCorrected: {},
    DepartmentReleased: {},
    ReplyRejected: {"causationid": CAUSE},
    NoticeReminder: {"causationid": CAUSE},
    SystemTest: {},
    SystemRestored: {},
}
"""What departments are told, and what an example of it says otherwise than its fields' examples.

A class that stands here is in the contract.
"""

REPLIES = {
    "received": "The department has the event (签收).",
    "accepted": "It will deal with it (接办).",
    "declined": "It is not for this department; the note says why (退回).",
    "progress": "How far it is, any number of times (办理进展).",
    "completed": "It is done, with the address of what shows it where there is such (办结回复).",
}
"""What each verb of a reply says."""

OWN = {
    "progress": {"data": {"note": "已完成现场勘界。"}},
    "completed": {"data": {"evidence_url": "https://court.example.org/notices/2026-1203"}},
}
"""What an example of a reply says otherwise than its fields' examples."""


SHARED = frozenset({"Topic", "Recipient", "ReplyData"})
"""Titles of objects that are the same in several types of messages."""


class ReplyDeclinedData(ReplyData):
    """The data of a refusal, which is not taken in without its reason."""

    note: str = Field(min_length=1, max_length=2000, description="Why.", examples=["该事项属林业部门职责。"])


@dataclass(frozen=True, slots=True)
class MessageType:
    """A type of message: its name, what it says, the schema of its body and what its example has of its own."""

    name: str
    summary: str
    schema: Schema
    own: dict[str, Any]

    @property
    def type(self) -> str:
        """Its CloudEvents type."""
        return event_type(self.name)

    @property
    def key(self) -> str:
        """Its name with the version: what files and the AsyncAPI document call it."""
        return f"{self.name}{TYPE_VERSION}"

    @property
    def title(self) -> str:
        """Its name as words."""
        return self.name.replace(".", " ").capitalize()

    @property
    def published(self) -> Schema:
        """The schema as it is published: what messages share is defined once."""
        return shared(self.schema, SHARED)

    @property
    def example(self) -> Json:
        """A body of this type."""
        return example(self.schema, self.own)


def event_types() -> Iterator[MessageType]:
    """Yield the types of what departments are told."""
    for event in EVENTS:
        yield event_message(event)


def reply_types() -> Iterator[MessageType]:
    """Yield the types of what departments may answer."""
    for verb in VERBS:
        data = schema_of(ReplyDeclinedData if verb == "declined" else ReplyData)
        yield message(f"reply.{verb}", REPLIES[verb], schema_of(ReplyEnvelope), data, OWN.get(verb, {}))


def event_message(event: type[Any]) -> MessageType:
    """Return the type of an event's message: the envelope, its own facts, and the topic's where it is about one."""
    has_topic = issubclass(event, TopicEvent)
    envelope = schema_of(TopicAttributes if has_topic else Attributes)
    data = schema_of(TopicData if has_topic else Data)
    own = schema_of(event)["properties"]
    facts = {field.name: own[field.name] for field in fields(event) if field.name not in OF_THE_TOPIC}
    data["properties"] = {**data["properties"], **facts}
    data["required"] = [*data["properties"]]
    data["title"] = f"{type_name(event.type)}Data"
    place = f"{SITE}/schemas/{event.type}{TYPE_VERSION}.json"
    envelope["properties"]["dataschema"]["examples"] = [place]
    return message(event.type, event.__doc__ or "", envelope, data, EVENTS.get(event, {}))


def type_name(name: str) -> str:
    """Return what code that is generated of a message calls it: `TopicScheduled`."""
    return name.title().replace(".", "")


def message(name: str, summary: str, envelope: Schema, data: Schema, own: dict[str, Any]) -> MessageType:
    """Return a type from the schemas of its envelope and of its data; what data requires, the envelope requires."""
    type_ = {"description": "The message's type.", "type": "string", "const": event_type(name)}
    required = [*envelope["required"], *(["data"] if "required" in data else [])]
    schema = {
        **envelope,
        "$schema": DIALECT,
        "title": type_name(name),
        "description": summary,
        "required": [*dict.fromkeys(required)],
        "properties": {**envelope["properties"], "type": type_, "data": data},
    }
    return MessageType(name, summary, in_order(schema), own)
