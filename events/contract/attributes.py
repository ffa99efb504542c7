"""What every event says besides its own facts, as partners are told. `events.messages.outgoing` writes it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from events.messages.envelope import SEQUENCE_DIGITS
from services.topics.enums import InvolvementRole, TopicStatus

TOPIC = "topic_01a2078e-d519-72fd-bc1e-3bf23f18d939"
NUMBER = "T140521-2026-0003"
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Attributes(BaseModel):
    """The attributes of an event's CloudEvent."""

    specversion: Literal["1.0"] = Field(description="The version of CloudEvents.")
    id: UUID = Field(
        description="The event's id: the same for every department and however often it is sent.",
        examples=["01a2078e-d9fc-7209-b139-68d5206cdc9b"],
    )
    source: str = Field(
        description="Where it happened: the division's code (行政区划代码).",
        pattern="^/shangliang/[0-9]{2,12}$",
        examples=["/shangliang/140521201"],
    )
    type: str = Field(description="The message's type: `cn.shangliang.<aggregate>.<event>.v1`.")
    time: datetime = Field(description="When it happened.", examples=["2026-11-23T08:38:52.156490+00:00"])
    datacontenttype: Literal["application/json"] = Field(description="What `data` is.")
    dataschema: Address = Field(description="Where the schema of this type is served.")
    partitionkey: str = Field(
        description="What the order is kept within: the department's code.", examples=["qinshui-court"]
    )
    sequence: str = Field(
        description="Place among the department's events of this partition key, with leading zeros; a number is "
        "missing only if an operator decided that its event is not sent, or a `system.restored` passed it over, and "
        "comes again with a replay.",
        pattern=f"^[0-9]{{{SEQUENCE_DIGITS}}}$",
        examples=["2".zfill(SEQUENCE_DIGITS)],
    )
    replay: Annotated[int, Field(ge=1)] | SkipJsonSchema[None] = Field(
        default=None,
        description="Which time an operator had it sent again; absent the first time. The same id and the same replay "
        "are a repetition.",
    )
    traceparent: str | SkipJsonSchema[None] = Field(default=None, description="W3C trace context, where there is one.")
    causationid: UUID | SkipJsonSchema[None] = Field(
        default=None,
        description="The event that led to this one, where there is one: what a refused reply answered, what a "
        "reminder is about.",
    )


class TopicAttributes(Attributes):
    """The attributes of an event about a topic."""

    partitionkey: str = Field(
        description="What the order is kept within: the topic's global id.", pattern="^topic_", examples=[TOPIC]
    )
    subject: str = Field(description="The topic's number (议题编号).", examples=[NUMBER])


class Recipient(BaseModel):
    """The department that is told (责任单位)."""

    code: str = Field(description="Its code.", pattern="^[a-z0-9-]{2,40}$", examples=["qinshui-court"])
    role: InvolvementRole | None = Field(description="Its part: 主办, 协办, 知会; null where it has none.")


class Topic(BaseModel):
    """The topic as it stood after the event (议题)."""

    id: str = Field(
        description="Its global id, as the GraphQL API takes it.",
        pattern="^topic_",
        examples=[TOPIC],
    )
    number: str = Field(description="Its number (议题编号).", examples=[NUMBER])
    title: str = Field(description="Its title.", examples=["林地承包纠纷与龙隐山居步道占地"])
    status: TopicStatus = Field(description="Its state (议题状态).", examples=[TopicStatus.SCHEDULED])
    scheduled_at: datetime | None = Field(
        description="When its next session begins; null where none is in the calendar.",
        examples=["2026-11-30T01:00:00+00:00"],
    )


class Data(BaseModel):
    """What the event says."""

    department: Recipient


class TopicData(Data):
    """What the event says."""

    topic: Topic
    link: Address = Field(description="The topic's page.", examples=[f"https://shangliang.example.org/topics/{NUMBER}"])
