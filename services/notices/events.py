from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from services.core.ids import node_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(ABC):
    """What departments are told. `number` is that of the topic, where there is one.

    The data is thin: ids, numbers, titles, dates and states; no citizen's personal data.
    """

    type: ClassVar[str]

    topic_id: UUID | None
    division_number: int
    number: str | None

    @abstractmethod
    def data(self) -> dict[str, object]:
        """Return the event's data as JSON values, under their names in the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemTest(Fact):
    """An operator tries a department's way on the broker; it is to answer `received`."""

    type: ClassVar[str] = "system.test"

    topic_id: None = None
    number: None = None

    def data(self) -> dict[str, object]:
        """Return nothing: that it arrives is all it says."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRestored(Fact):
    """The service's database was restored to an earlier moment: what happened after it is undone (数据恢复)."""

    type: ClassVar[str] = "system.restored"

    topic_id: None = None
    number: None = None
    restored_to: Annotated[
        datetime,
        Field(
            description="The moment. An event with a later `time` and a lower `sequence` than `first_sequence` did not "
            "happen, unless it comes again.",
            examples=["2026-11-23T08:00:00+00:00"],
        ),
    ]
    first_sequence: Annotated[
        int,
        Field(
            description="The lowest number that is given from now on, within every partition key; those between it and "
            "what the department has are given to nothing any more.",
            examples=[1_720_018],
        ),
    ]

    def data(self) -> dict[str, object]:
        """Return the event's data as JSON values, under their names in the contract."""
        return {"restored_to": _plain(self.restored_to), "first_sequence": self.first_sequence}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRejected(Fact):
    """A reply of the department was not taken and changed nothing; only it is told (回复未受理)."""

    type: ClassVar[str] = "reply.rejected"

    topic_id: None = None
    number: None = None
    reply_id: Annotated[
        str | None, Field(description="The reply's own id; null where it could not be read.", examples=["reply-0417"])
    ]
    verb: Annotated[
        str | None, Field(description="What it said; null where it is no verb of a reply.", examples=["accepted"])
    ]
    event_id: Annotated[
        str | None,
        Field(
            description="The id of the event that it answers, as `causationid`; null where it could not be read.",
            examples=["01a2078e-d9fc-7209-b139-68d5206cdc9b"],
        ),
    ]
    message_id: Annotated[
        str | None,
        Field(description="The `message_id` of its AMQP message; null without one.", examples=["f0b1"]),
    ]
    code: Annotated[str, Field(description="What kind of refusal it is.", examples=["REPLY_REFUSED"])]
    reason: Annotated[
        str,
        Field(
            description="Why, in words for people.",
            examples=["'accepted' cannot follow no receipt; possible: received."],
        ),
    ]

    def data(self) -> dict[str, object]:
        """Return the event's data as JSON values, under their names in the contract."""
        return {
            "reply_id": self.reply_id,
            "verb": self.verb,
            "event_id": self.event_id,
            "message_id": self.message_id,
            "code": self.code,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReminder(Fact):
    """The department has not yet said that it has an event; only it is told, once (催办)."""

    type: ClassVar[str] = "notice.reminder"

    topic_id: None = None
    number: None = None
    event_id: Annotated[
        str,
        Field(description="The id of the event to answer.", examples=["01a2078e-d9fc-7209-b139-68d5206cdc9b"]),
    ]
    event_type: Annotated[str, Field(description="What it says.", examples=["topic.scheduled"])]
    topic_number: Annotated[
        str | None,
        Field(description="The number of its topic (议题编号); null without one.", examples=["T140521-2026-0003"]),
    ]
    sent_at: Annotated[
        datetime, Field(description="When it was put into the inbox.", examples=["2026-11-23T08:38:52.410220+00:00"])
    ]

    def data(self) -> dict[str, object]:
        """Return the event's data as JSON values, under their names in the contract."""
        return {
            "event_id": self.event_id,
            "event_type": self.event_type,
            "topic_number": self.topic_number,
            "sent_at": _plain(self.sent_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEvent(Fact):
    """A fact about a topic. Subclasses are past tense and add their own facts.

    `trace` is its summary in the topic's trace, over its facts and those that are told beside it.
    """

    trace: ClassVar[str]

    topic_id: UUID
    division_number: int
    number: str
    title: str
    status: str
    scheduled_at: datetime | None

    def data(self) -> dict[str, object]:
        """Return the event's data as JSON values, under their names in the contract."""
        own = {
            field.name: _plain(getattr(self, field.name)) for field in fields(self) if field.name not in OF_THE_TOPIC
        }
        topic = {
            "id": node_id("topic", self.topic_id),
            "number": self.number,
            "title": self.title,
            "status": self.status,
            "scheduled_at": _plain(self.scheduled_at),
        }
        return {"topic": topic, **own}


OF_THE_TOPIC = frozenset(field.name for field in fields(TopicEvent))
"""Facts that every event states of its topic."""


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value
