from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import PlanStatus
from graph.inputs.filters import filter_input, order_input
from graph.types.connections import Node

if TYPE_CHECKING:
    from graph.types.platforms import Platform
    from graph.types.topics import Topic


AnnualPlanFilter = filter_input(
    "AnnualPlan",
    ("within", "platform", "year", "status", "in_force", "submitted", "approved"),
    within="Of platforms in the subtree (辖区).",
    platform="Of the platform itself (协商平台).",
    year="Of the year (年度).",
    status="In one of these states (计划状态).",
    submitted="Submitted from an instant until another (送审时间).",
    approved="Approved from an instant until another (批准时间).",
    in_force="Whether it is approved and no newer version took its place.",
)
AnnualPlanOrder = order_input(
    "AnnualPlan",
    *("year", "submitted_at", "approved_at"),
    year="By 年度.",
    submitted_at="By when they were submitted (送审时间); what is not stands last.",
    approved_at="By when they were approved (批准时间); what is not stands last.",
)


@strawberry.type(
    description="年度协商计划: drawn up at the start of the year, in force once approved; an approved version is "
    "frozen."
)
class AnnualPlan(Node):
    platform: Annotated["Platform", strawberry.lazy("graph.types.platforms")]
    year: int = strawberry.field(description="A year in China.")
    status: PlanStatus
    version: int = strawberry.field(description="Counts the versions of the platform's plan for the year.")
    revision: int = strawberry.field(
        description="Grows with every change of this version; `expectedRevision` guards against lost updates."
    )
    submitted_at: datetime | None
    approved_at: datetime | None
    approving_body: str | None = strawberry.field(description="Who approved it (批准机关).")
    return_reason: str | None = strawberry.field(description="Why it was last returned (退回原因).")
    superseded_at: datetime | None = strawberry.field(
        description="When a newer approved version took its place; the one without is in force."
    )
    items: list["PlanItem"] = strawberry.field(description="In the plan's order.")
    deviations: "PlanDeviations" = strawberry.field(description="Planned and never held; held and never planned.")


@strawberry.type(description="A topic in a plan (计划议题).")
class PlanItem:
    plan: AnnualPlan
    topic: Annotated["Topic", strawberry.lazy("graph.types.topics")]
    position: int = strawberry.field(description="From 1.")
    quarter: int | None = strawberry.field(description="1 to 4, where one is set.")
    held: bool = strawberry.field(description="Whether a session in the plan's year took the topic and was held.")


@strawberry.type(description="Where a year went otherwise than its plan (计划执行偏差).")
class PlanDeviations:
    never_held: list[Annotated["Topic", strawberry.lazy("graph.types.topics")]] = strawberry.field(
        description="Topics of this version without a session held in its year, in the plan's order."
    )
    unplanned: list[Annotated["Topic", strawberry.lazy("graph.types.topics")]] = strawberry.field(
        description="Topics of the platform and of all beneath it that had a session in the year and stand in no plan "
        "that is in force for it."
    )
