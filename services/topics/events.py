from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.notices.events import TopicEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicProposed(TopicEvent):
    """Somebody wants the topic to be consulted on."""

    type: ClassVar[str] = "topic.proposed"
    trace: ClassVar[str] = "提出议题:{title}"

    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterListed(TopicEvent):
    """A matter that people raised became part of the topic."""

    type: ClassVar[str] = "matter.listed"

    matter_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicListed(TopicEvent):
    """The topic was taken onto the agenda, or the department was given a part in a listed topic (立项)."""

    type: ClassVar[str] = "topic.listed"
    trace: ClassVar[str] = "议题立项"

    listed_at: Annotated[
        datetime, Field(description="When the topic was taken onto the agenda.", examples=["2026-11-20T02:30:00+00:00"])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicResolved(TopicEvent):
    """The committee says, with evidence, that the topic is resolved (办结)."""

    type: ClassVar[str] = "topic.resolved"
    trace: ClassVar[str] = "议题办结"

    resolved_at: Annotated[
        datetime, Field(description="When it was called resolved.", examples=["2026-12-20T08:00:00+00:00"])
    ]
    summary: Annotated[
        str, Field(description="How it was resolved (办理结果).", examples=["各户界址重新勘定,补偿已发放。"])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReopened(TopicEvent):
    """The topic is being implemented again (重新办理)."""

    type: ClassVar[str] = "topic.reopened"
    trace: ClassVar[str] = "重新办理议题"

    reason: Annotated[str, Field(description="Why.", examples=["补偿款尚未到位。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWithdrawn(TopicEvent):
    """The topic will not be consulted on any further (撤回议题)."""

    type: ClassVar[str] = "topic.withdrawn"
    trace: ClassVar[str] = "撤回议题"

    reason: Annotated[str, Field(description="Why.", examples=["当事人已自行和解。"])]
    session_id: Annotated[
        Annotated[str, Field(pattern="^session_")] | None,
        Field(
            description="The next session that was to take it: cancelled where it takes nothing else, which "
            "topic.cancelled says; null where none was in the calendar.",
            examples=["session_01a2078e-d9db-7166-982f-82ce016ade7f"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCorrected(TopicEvent):
    """What the topic says of itself was put right; departments are told where it has another title (更正议题)."""

    type: ClassVar[str] = "topic.corrected"
    trace: ClassVar[str] = "更正议题:{corrections}"

    reason: Annotated[str, Field(description="Why.", examples=["标题有误字。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentInvolved(TopicEvent):
    """The department was given a part in a topic that is not yet listed."""

    type: ClassVar[str] = "topic.involved"

    involved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentReleased(TopicEvent):
    """The department has no part in the topic any longer; only it is told (解除责任单位)."""

    type: ClassVar[str] = "topic.released"
    trace: ClassVar[str] = "解除责任单位:{department}"

    released_at: Annotated[datetime, Field(description="When its part ended.", examples=["2026-11-25T03:00:00+00:00"])]
