import strawberry
from strawberry import ID, UNSET

from graph.enums import Direction


@strawberry.input(one_of=True, description="What a platform is looked up by.")
class PlatformKey:
    """A platform's id or its code."""

    id: ID | None = UNSET
    code: str | None = UNSET


@strawberry.input(one_of=True, description="What a topic is looked up by.")
class TopicKey:
    """A topic's id or its number."""

    id: ID | None = UNSET
    number: str | None = UNSET


@strawberry.input(one_of=True, description="Order of platforms.")
class PlatformOrder:
    """One key of an order."""

    code: Direction | None = UNSET
    name: Direction | None = UNSET
    opened_on: Direction | None = UNSET
    topic_count: Direction | None = UNSET


@strawberry.input(one_of=True, description="Order of topics.")
class TopicOrder:
    """One key of an order."""

    number: Direction | None = UNSET
    proposed_at: Direction | None = UNSET
    scheduled_at: Direction | None = UNSET
    resolved_at: Direction | None = UNSET
    session_count: Direction | None = UNSET


@strawberry.input(one_of=True, description="Order of sessions.")
class SessionOrder:
    """One key of an order."""

    scheduled_at: Direction | None = UNSET
    headcount: Direction | None = UNSET


@strawberry.input(one_of=True, description="Order of commitments.")
class CommitmentOrder:
    """One key of an order."""

    due_on: Direction | None = UNSET
