from datetime import datetime

import strawberry

from graph.enums import Category, MatterNature, MatterStatus, ParticipantRole
from graph.inputs.filters import filter_input
from graph.types.connections import Node
from graph.types.platforms import Platform
from graph.types.topics import Topic
from graph.types.trace import TraceEntry
from graph.types.words import as_published, as_written

MatterFilter = filter_input("Matter", ("within", "platform", "status", "category", "nature", "raised", "overdue"))


@strawberry.type(
    description="群众反映事项: what somebody raised at a platform. Until it is part of a published topic it is seen by "
    "whoever raised it, by the staff of the place and by the departments of its topic."
)
class Matter(Node):
    title: str = strawberry.field(
        description="As it was raised for staff of the place and whoever raised it, for others as it is published."
    )
    description: str = strawberry.field(description="In whose words it is, see `title`.")
    published_title: str = strawberry.field(
        description="What others than staff read (公开标题): the title as raised, until `redactMatter` gives another."
    )
    published_description: str = strawberry.field(description="The same of the description (公开内容).")
    hidden: bool = strawberry.field(
        description="Whether staff took it out of the public's sight (不公开), and out of that of departments."
    )
    nature: MatterNature | None
    raised_by: ParticipantRole = strawberry.field(description="In which part it was raised; who it was is not told.")
    raised_at: datetime
    platform: Platform
    category: Category
    status: MatterStatus
    version: int = strawberry.field(
        description="Grows with every change; `expectedVersion` guards against lost updates."
    )
    accepted_at: datetime | None
    answer: str | None = as_written(
        "答复", "What was answered, or why it was declined.", whose="staff of the place and whoever raised it"
    )
    published_answer: str | None = as_published("答复")
    answered_at: datetime | None
    overdue: bool = strawberry.field(
        description="Whether it waits longer than the installation allows, 15 days where nothing else is set: neither "
        "in a topic nor answered nor declined (超期)."
    )
    trace: list[TraceEntry] = strawberry.field(description="What was done with it, oldest first (全程留痕).")
    topic: Topic | None = strawberry.field(description="The topic that it is part of, where the caller sees it.")
