from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import DivisionKind, DivisionLevel
from graph.inputs.filters import PART_OF_NAME, Period, filter_input, order_input
from graph.scalars import DivisionCode
from graph.types.connections import AS_OF, Connection, Node, arguments, paged, with_arguments
from graph.types.statistics import PeriodStatistics, Statistics, over_time

if TYPE_CHECKING:
    from graph.types.centers import PracticeCenter
    from graph.types.departments import Department
    from graph.types.duty import DutyAssessment, DutyRecord, DutyScheme
    from graph.types.platforms import Platform, PlatformFilter, PlatformOrder
    from graph.types.topics import Topic, TopicFilter, TopicOrder


DivisionFilter = filter_input(
    "Division",
    ("within", "level", "kind", "name"),
    within="The division and all beneath it (辖区).",
    level="Of one of these levels (层级).",
    kind="Of one of these kinds: 行政区, 开发区.",
    name=PART_OF_NAME,
)
MemberFilter = filter_input(
    "Member",
    ("within", "platform", "liaison_group", "sector", "name"),
    within="Of a committee in the subtree.",
    platform="Of the liaison group that serves the platform.",
    liaison_group="Of the liaison group (政协联络组).",
    sector="Of the sector (界别), by its whole name.",
    name=PART_OF_NAME,
)
MemberOrder = order_input("Member", "name", name="By 姓名, character by character.")


@strawberry.type(description="行政区划: a province, city, county, street or town, community or village.")
class Division(Node):
    code: DivisionCode
    name: str
    level: DivisionLevel
    kind: DivisionKind
    parent: "Division | None"
    ancestors: list["Division"] = strawberry.field(description="From the province down to the parent.")
    children: list["Division"]
    descendants: Connection["Division"] = paged(
        "All divisions beneath this one, in the order of their codes.",
        level=DivisionLevel | None,
        kind=DivisionKind | None,
    )
    committee: "Committee | None"
    platforms: Connection[Annotated["Platform", strawberry.lazy("graph.types.platforms")]] | None = paged(
        "Platforms serving this division itself; with `deep`, all in its subtree.",
        filter=Annotated["PlatformFilter", strawberry.lazy("graph.types.platforms")],
        order=Annotated["PlatformOrder", strawberry.lazy("graph.types.platforms")],
        deep=True,
    )
    topics: Connection[Annotated["Topic", strawberry.lazy("graph.types.topics")]] | None = paged(
        "Topics of the platforms in the subtree.",
        filter=Annotated["TopicFilter", strawberry.lazy("graph.types.topics")],
        order=Annotated["TopicOrder", strawberry.lazy("graph.types.topics")],
    )
    departments: list[Annotated["Department", strawberry.lazy("graph.types.departments")]]
    brands: list["Brand"]
    practice_centers: list[Annotated["PracticeCenter", strawberry.lazy("graph.types.centers")]] = strawberry.field(
        description="Those of the division itself."
    )
    statistics: Statistics | None = with_arguments(
        f"Rolled up over the subtree. {AS_OF}", arguments(period=Period | None, as_of=datetime | None)
    )
    statistics_over_time: list[PeriodStatistics] | None = over_time("the subtree")


@strawberry.type(description="工作品牌, e.g. 有事来商量·欢迎来协商.")
class Brand(Node):
    name: str
    umbrella: str | None
    division: Division
    launched_on: date | None
    platforms: Connection[Annotated["Platform", strawberry.lazy("graph.types.platforms")]] | None = paged(
        "Platforms that work under it.",
        filter=Annotated["PlatformFilter", strawberry.lazy("graph.types.platforms")],
        order=Annotated["PlatformOrder", strawberry.lazy("graph.types.platforms")],
    )


@strawberry.type(description="政协委员会: a committee of the political consultative conference.")
class Committee(Node):
    name: str
    division: Division
    liaison_groups: list["LiaisonGroup"]
    members: Connection["Member"] | None = paged(filter=MemberFilter, order=MemberOrder)
    duty_schemes: list[Annotated["DutyScheme", strawberry.lazy("graph.types.duty")]] = strawberry.field(
        description="履职考核办法, every version that was published, the newest first."
    )


@strawberry.type(description="政协联络组: members who serve one street or town.")
class LiaisonGroup(Node):
    name: str
    committee: Committee
    division: Division
    platforms: list[Annotated["Platform", strawberry.lazy("graph.types.platforms")]]
    members: Connection["Member"] | None = paged(filter=MemberFilter, order=MemberOrder)


@strawberry.type(description="政协委员.")
class Member(Node):
    name: str
    sector: str = strawberry.field(description="界别.")
    committee: Committee
    liaison_group: LiaisonGroup | None
    duty_records: Connection[Annotated["DutyRecord", strawberry.lazy("graph.types.duty")]] | None = paged(
        "履职记录 of the assessments that stand, for the staff of the place and the member; nothing to others.",
        year=int | None,
    )
    duty_assessment: Annotated["DutyAssessment", strawberry.lazy("graph.types.duty")] | None = with_arguments(
        "履职考核 of a year as it stands, for the staff of the place and the member; null to others.",
        arguments(year=int),
    )
