import strawberry
from strawberry import ID

from graph.enums import Category, MatterNature, ParticipantRole
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.matters import Matter
from services.core.bounds import PROSE, TITLE, VERSION
from services.matters import commands
from services.topics import matters
from services.topics.publication import words_of_matter


@verb(commands.raise_matter, gives=Matter)
class RaiseMatter:
    """Raise a matter (反映事项) at an open platform."""

    platform: ID = refers_to("platform")
    title: str = bounded(TITLE)
    description: str = bounded(PROSE)
    category: Category
    nature: MatterNature | None
    raised_by: ParticipantRole | None = strawberry.field(
        description="In which of the parts that the caller's grants give at the place; the first where it is left out."
    )


@verb(commands.accept_matter, gives=Matter)
class AcceptMatter:
    """Take a raised matter up (受理)."""

    matter: ID = refers_to("matter")


@verb(commands.answer_matter, gives=Matter)
class AnswerMatter:
    """Answer an accepted matter without a topic (答复)."""

    matter: ID = refers_to("matter")
    answer: str = bounded(PROSE, private=True)


@verb(commands.decline_matter, gives=Matter)
class DeclineMatter:
    """Decline an accepted matter (不予受理); its answer is the reason."""

    matter: ID = refers_to("matter")
    reason: str = bounded(PROSE, private=True)


@verb(matters.list_matter, gives=Matter, publishes=words_of_matter)
class ListMatter:
    """Make an accepted matter part of an open topic (并案)."""

    matter: ID = refers_to("matter")
    topic: ID = refers_to("topic")
    expected_version: int | None = bounded(VERSION, "Of the matter.")
