from datetime import date, datetime
from typing import Any

import strawberry

from graph.enums import Category, ConversionKind, TimeUnit, TopicStatus
from graph.inputs.filters import Period
from graph.types.connections import AS_OF, arguments, with_arguments
from services.reads.units import MOST_UNITS


@strawberry.type(description="Platforms by tier: 总平台, 分平台, 微平台.")
class PlatformCounts:
    total: int
    general: int
    sub: int
    micro: int


@strawberry.type(description="Topics in one state.")
class TopicStatusCount:
    status: TopicStatus
    count: int


@strawberry.type(description="Topics of one category.")
class CategoryCount:
    category: Category
    count: int


@strawberry.type(description="Conversions (成果转化) of one kind.")
class ConversionCount:
    kind: ConversionKind
    count: int


@strawberry.type(description="Topics by kind (重点协商议题, 微课题), state and category.")
class TopicCounts:
    total: int
    key: int
    micro: int
    by_status: list[TopicStatusCount]
    by_category: list[CategoryCount]


@strawberry.type(description="Commitments (承诺落实事项) by state.")
class CommitmentCounts:
    total: int
    done: int = strawberry.field(description="Done, verified by residents or not.")
    verified: int
    overdue: int = strawberry.field(description="Past the due date and neither done, declined nor withdrawn.")


@strawberry.type(
    description="统计. In a period: platforms open in it, topics listed in it, sessions held in it, outcomes reached "
    "in it, commitments assigned in it, conversions submitted in it, follow-ups recorded in it."
)
class Statistics:
    platforms: PlatformCounts
    topics: TopicCounts
    sessions_held: int
    attendances: int = strawberry.field(
        description="The sum of headcounts; people who came twice count twice (参与人次)."
    )
    attendances_are_lower_bound: bool = strawberry.field(
        description='True where a source says "more than", or a session held has no headcount.'
    )
    outcomes: int
    conversions: list[ConversionCount]
    commitments: CommitmentCounts
    resolution_rate: float | None = strawberry.field(description="Topics resolved over topics; null without topics.")
    median_days_to_resolve: float | None = strawberry.field(
        description="From the day of listing to that of resolution (办结天数), as days are counted in China."
    )
    satisfaction: float | None = strawberry.field(
        description="The mean score of the follow-ups (满意度), 1 to 5; null without any."
    )


@strawberry.type(description="分期统计: the figures of one month, quarter or year of a period.")
class PeriodStatistics:
    from_: date = strawberry.field(name="from", description="Its first day in China (起), which the period may cut.")
    until: date = strawberry.field(description="The day after its last (止), which the period may cut.")
    statistics: Statistics = strawberry.field(description="As `statistics` with these days as its period (统计).")


def over_time(where: str) -> Any:  # noqa: ANN401 -- as with_arguments
    """Return the field of figures by unit of time; `where` says what they are summed up over."""
    return with_arguments(
        f"统计时间序列: the figures of {where} for each `unit` of the period in turn, those without anything too. Both "
        f"ends of the period are needed, and it has at most {MOST_UNITS} units; the first and the last are as long "
        f"as lies in it. {AS_OF}",
        arguments(unit=TimeUnit, period=Period, as_of=datetime | None),
    )
