from datetime import datetime

import strawberry

from graph.enums import ActorRole
from graph.types.connections import Node


@strawberry.type(description="全程留痕: an act, never changed once it stands here.")
class TraceEntry:
    id: strawberry.ID = strawberry.field(description="What `redactTraceEntry` takes.")
    at: datetime
    act: str = strawberry.field(description="What was done, as `topic.scheduled`.")
    actor_role: ActorRole = strawberry.field(
        description="The role in which somebody did it; `SYSTEM` where nobody did (留痕角色)."
    )
    subject: Node | None = strawberry.field(
        description="What it was done to; null where that is out of the caller's sight."
    )
    summary: str = strawberry.field(
        description="留痕摘要: what was done, in a few words, as it is published; what is hashed is what was recorded."
    )
