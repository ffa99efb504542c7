from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.notices.events import TopicEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicProposed(TopicEvent):
    """Somebody wants the topic to be consulted on."""

    type: ClassVar[str] = "topic.proposed"

    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicListed(TopicEvent):
    """The topic was taken onto the agenda."""

    type: ClassVar[str] = "topic.listed"

    listed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicResolved(TopicEvent):
    """The committee says, with evidence, that the topic is resolved."""

    type: ClassVar[str] = "topic.resolved"

    resolved_at: datetime
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReopened(TopicEvent):
    """The topic is being implemented again."""

    type: ClassVar[str] = "topic.reopened"

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWithdrawn(TopicEvent):
    """The topic will not be consulted on any further."""

    type: ClassVar[str] = "topic.withdrawn"

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentInvolved(TopicEvent):
    """The department was given a part in a topic that is not yet listed."""

    type: ClassVar[str] = "topic.involved"

    involved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentReleased(TopicEvent):
    """The department has no part in the topic any longer."""

    type: ClassVar[str] = "topic.released"

    released_at: datetime
