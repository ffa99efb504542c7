from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.enums import Category, InvolvementRole, TopicKind, TopicStatus
from graph.inputs.filters import filter_input, order_input
from graph.types.connections import Connection, Node, paged
from graph.types.platforms import Platform
from graph.types.words import as_published, as_written

if TYPE_CHECKING:
    from graph.types.departments import Department, Notice, NoticeFilter, NoticeOrder, Receipt
    from graph.types.matters import Matter
    from graph.types.outcomes import Evidence, FollowUp, Outcome
    from graph.types.plans import PlanItem
    from graph.types.sessions import Opinion, Session, SessionFilter, SessionOrder
    from graph.types.trace import TraceEntry


TopicFilter = filter_input(
    "Topic",
    (
        *("within", "platform", "kind", "category", "status", "department", "department_kind"),
        *("proposed", "listed", "scheduled", "resolved", "planned", "text"),
    ),
    combined=True,
    listed="Listed, and thereby published, from an instant until another (立项时间).",
    department="Code of a department involved.",
    planned="Whether it stands in an annual plan that is in force (列入年度协商计划).",
    text="Words of the title or summary, found as `search` finds them; at most 200 characters.",
)
TopicOrder = order_input(
    "Topic",
    *("number", "proposed_at", "listed_at", "scheduled_at", "resolved_at", "session_count"),
    listed_at="By when they were listed, and thereby published (立项时间); what is not stands last.",
)


@strawberry.type(description="议题: what is consulted on, from its proposal to its resolution.")
class Topic(Node):
    number: str
    title: str = as_written("标题", whose="staff of the place and whoever proposed it")
    summary: str | None = as_written("内容", whose="staff of the place and whoever proposed it")
    published_title: str = as_published("标题")
    published_summary: str | None = as_published("内容")
    kind: TopicKind
    category: Category
    status: TopicStatus
    version: int = strawberry.field(
        description="Grows with every change; `expectedVersion` guards against lost updates."
    )
    platform: Platform
    matters: list[Annotated["Matter", strawberry.lazy("graph.types.matters")]] = strawberry.field(
        description="What people raised that it is made of, the earliest first (群众反映事项)."
    )
    plan_item: Annotated["PlanItem", strawberry.lazy("graph.types.plans")] | None = strawberry.field(
        description="Its place in the plan in force of the latest year that has it (年度协商计划)."
    )
    proposed_at: datetime
    listed_at: datetime | None
    scheduled_at: datetime | None = strawberry.field(
        description="When its next session begins (the earliest that is SCHEDULED), else when the last one that was "
        "HELD stood in the calendar; null where there is neither. A postponed session has no time."
    )
    resolved_at: datetime | None
    resolution: str | None = as_written("办理结果", "How it was resolved.")
    published_resolution: str | None = as_published("办理结果")
    evidence: list[Annotated["Evidence", strawberry.lazy("graph.types.outcomes")]] = strawberry.field(
        description="What shows that it is resolved (佐证材料)."
    )
    involvements: list["Involvement"] = strawberry.field(description="The departments involved now, the lead first.")
    sessions: Connection[Annotated["Session", strawberry.lazy("graph.types.sessions")]] | None = paged(
        filter=Annotated["SessionFilter", strawberry.lazy("graph.types.sessions")],
        order=Annotated["SessionOrder", strawberry.lazy("graph.types.sessions")],
    )
    opinions: list[Annotated["Opinion", strawberry.lazy("graph.types.sessions")]] = strawberry.field(
        description="What was said on this topic by itself (意见); a session's own are on the session."
    )
    outcomes: list[Annotated["Outcome", strawberry.lazy("graph.types.outcomes")]]
    follow_ups: list[Annotated["FollowUp", strawberry.lazy("graph.types.outcomes")]] = strawberry.field(
        description="What each of those who were asked later says now (回访), the oldest answer first."
    )
    confirmed_fixed_at: datetime | None = strawberry.field(
        description="When the public last confirmed the fix (群众确认): the latest follow-up that a resident or "
        "stakeholder gave in person, if it confirms; what staff recorded confirms nothing. That the committee calls "
        "the topic resolved is another fact."
    )
    notices: Connection[Annotated["Notice", strawberry.lazy("graph.types.departments")]] | None = paged(
        filter=Annotated["NoticeFilter", strawberry.lazy("graph.types.departments")],
        order=Annotated["NoticeOrder", strawberry.lazy("graph.types.departments")],
    )
    trace: list[Annotated["TraceEntry", strawberry.lazy("graph.types.trace")]] = strawberry.field(
        description="From the resident's words to the confirmed fix, oldest first: every act, its actor's role and its "
        "evidence (全程留痕)."
    )


@strawberry.type(description="A department's part in a topic: 主办, 协办, 知会.")
class Involvement:
    department: Annotated["Department", strawberry.lazy("graph.types.departments")]
    role: InvolvementRole
    since: datetime
    notices: list[Annotated["Notice", strawberry.lazy("graph.types.departments")]]
    receipt: Annotated["Receipt", strawberry.lazy("graph.types.departments")] | None = strawberry.field(
        description="The department's latest reply."
    )
