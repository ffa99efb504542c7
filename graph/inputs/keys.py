import strawberry
from strawberry import ID, UNSET


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
