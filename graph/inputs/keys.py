from strawberry import ID

from graph.inputs.fields import input_type


@input_type(one_of=True)
class PlatformKey:
    """What a platform is looked up by."""

    id: ID | None
    code: str | None


@input_type(one_of=True)
class TopicKey:
    """What a topic is looked up by."""

    id: ID | None
    number: str | None
