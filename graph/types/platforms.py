from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import PlatformKind, PlatformTier
from graph.inputs.filters import Period, filter_input, order_input
from graph.types.connections import AS_OF, Connection, Node, arguments, paged, with_arguments
from graph.types.divisions import Brand, Division, LiaisonGroup
from graph.types.statistics import PeriodStatistics, Statistics, over_time

if TYPE_CHECKING:
    from graph.types.matters import Matter, MatterFilter, MatterOrder
    from graph.types.plans import AnnualPlan
    from graph.types.sessions import Session, SessionFilter, SessionOrder
    from graph.types.topics import Topic, TopicFilter, TopicOrder


PlatformFilter = filter_input(
    "Platform", ("within", "tier", "kind", "brand", "open"), combined=True, brand="The brand's name."
)
PlatformOrder = order_input("Platform", "code", "name", "opened_on", "topic_count")


@strawberry.type(description="协商平台: where people sit down to consult.")
class Platform(Node):
    code: str
    name: str
    tier: PlatformTier
    kind: PlatformKind
    brand: Brand | None
    division: Division
    parent: "Platform | None"
    ancestors: list["Platform"] = strawberry.field(description="From the general platform down to the parent.")
    children: list["Platform"]
    descendants: Connection["Platform"] | None = paged("All platforms beneath this one.", tier=PlatformTier | None)
    liaison_group: LiaisonGroup | None
    opened_on: date | None
    closed_on: date | None
    topics: Connection[Annotated["Topic", strawberry.lazy("graph.types.topics")]] | None = paged(
        "Topics of this platform; with `deep`, of all beneath it too.",
        filter=Annotated["TopicFilter", strawberry.lazy("graph.types.topics")],
        order=Annotated["TopicOrder", strawberry.lazy("graph.types.topics")],
        deep=True,
    )
    sessions: Connection[Annotated["Session", strawberry.lazy("graph.types.sessions")]] | None = paged(
        "Sessions of this platform; with `deep`, of all beneath it too.",
        filter=Annotated["SessionFilter", strawberry.lazy("graph.types.sessions")],
        order=Annotated["SessionOrder", strawberry.lazy("graph.types.sessions")],
        deep=True,
    )
    matters: Connection[Annotated["Matter", strawberry.lazy("graph.types.matters")]] | None = paged(
        "Matters raised at this platform; with `deep`, at all beneath it too.",
        filter=Annotated["MatterFilter", strawberry.lazy("graph.types.matters")],
        order=Annotated["MatterOrder", strawberry.lazy("graph.types.matters")],
        deep=True,
    )
    plans: list[Annotated["AnnualPlan", strawberry.lazy("graph.types.plans")]] = with_arguments(
        "Its annual plans (年度协商计划), all versions, the newest first; with `year`, that year's.",
        arguments(year=int | None),
    )
    statistics: Statistics | None = with_arguments(
        f"Rolled up over this platform and all beneath it. {AS_OF}",
        arguments(period=Period | None, as_of=datetime | None),
    )
    statistics_over_time: list[PeriodStatistics] | None = over_time("this platform and all beneath it")
