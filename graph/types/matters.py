from datetime import datetime

import strawberry

from graph.enums import Category, MatterNature, MatterStatus, ParticipantRole
from graph.inputs.filters import filter_input, order_input
from graph.types.connections import Node
from graph.types.platforms import Platform
from graph.types.topics import Topic
from graph.types.trace import TraceEntry
from graph.types.words import as_published, as_written

MatterFilter = filter_input("Matter", ("within", "platform", "status", "category", "nature", "raised", "overdue"))
MatterOrder = order_input(
    "Matter",
    *("raised_at", "accepted_at", "answered_at"),
    raised_at="By when they were raised (反映时间).",
    accepted_at="By when they were accepted (受理时间); what is not stands last.",
    answered_at="By when they were answered or declined (答复时间); what is not stands last.",
)


@strawberry.type(
    description="群众反映事项: what somebody raised at a platform. Until it is part of a published topic it is seen by "
    "whoever raised it, by the staff of the place and by the departments of its topic."
)
class Matter(Node):
    title: str = as_written("标题", whose="staff of the place and whoever raised it")
    description: str = as_written("内容", whose="staff of the place and whoever raised it")
    published_title: str = as_published("标题")
    published_description: str = as_published("内容")
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
    answer: str | None = strawberry.field(description="What was answered, or why it was declined (答复).")
    answered_at: datetime | None
    overdue: bool = strawberry.field(
        description="Whether it waits longer than the installation allows, 15 days where nothing else is set: neither "
        "in a topic nor answered nor declined (超期)."
    )
    trace: list[TraceEntry] = strawberry.field(description="What was done with it, oldest first (全程留痕).")
    topic: Topic | None = strawberry.field(description="The topic that it is part of, where the caller sees it.")
