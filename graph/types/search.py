from typing import Annotated

import strawberry

from graph.types.connections import PageInfo
from graph.types.matters import Matter
from graph.types.outcomes import Outcome
from graph.types.platforms import Platform
from graph.types.topics import Topic

SearchHit = Annotated[
    Topic | Matter | Outcome | Platform,
    strawberry.union("SearchHit", description="What search finds: 议题, 群众反映事项, 协商成果, 协商平台."),
]


@strawberry.type(description="What was found, and where its words stand.")
class SearchEdge:
    cursor: str
    node: SearchHit = strawberry.field(
        description="What was found. Fields that its types call alike and that differ, as `status`, need an alias: "
        "`topic`, `matter`, `outcome` and `platform`, which give the same by its type, need none."
    )
    topic: Topic | None = strawberry.field(description="What was found where it is a topic (议题), else null.")
    matter: Matter | None = strawberry.field(description="The same of a matter (群众反映事项).")
    outcome: Outcome | None = strawberry.field(description="The same of an outcome (协商成果).")
    platform: Platform | None = strawberry.field(description="The same of a platform (协商平台).")
    snippet: str | None = strawberry.field(
        description="Some sixty characters around the first hit as HTML: hits stand in <mark>, all else is escaped."
    )


@strawberry.type(description="A page of what was found, best first.")
class SearchConnection:
    edges: list[SearchEdge]
    nodes: list[SearchHit]
    page_info: PageInfo
    total_count: int
