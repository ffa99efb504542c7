from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.types.connections import Connection, Node, paged
from graph.types.words import as_published, as_written

if TYPE_CHECKING:
    from graph.types.divisions import Division, Member


@strawberry.type(description="新时代协商民主实践中心: where consultation is shown, practised and taught.")
class PracticeCenter(Node):
    name: str
    division: Annotated["Division", strawberry.lazy("graph.types.divisions")]
    opened_on: date | None
    areas: list[str] = strawberry.field(description="功能区, e.g. 协商议事厅.")
    functions: list[str] = strawberry.field(description="功能: what it is there for.")
    activities: Connection["Activity"] | None = paged("The latest first.")


@strawberry.type(description="活动: 委员进中心, 界别活动月, 联络组活动周, 群众代表走进协商民主, 委员学堂 …")
class Activity(Node):
    kind: str
    title: str = as_written("标题")
    published_title: str = as_published("标题")
    held_on: date
    center: PracticeCenter | None = strawberry.field(description="Null where it took place elsewhere in its division.")
    division: Annotated["Division", strawberry.lazy("graph.types.divisions")]
    headcount: int | None
    members: list[Annotated["Member", strawberry.lazy("graph.types.divisions")]] = strawberry.field(
        description="The members who took part."
    )
