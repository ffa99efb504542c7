from datetime import datetime

import strawberry

from graph.enums import SearchKind
from graph.inputs.keys import PlatformKey, TopicKey
from graph.scalars import DivisionCode
from graph.types.access import GrantFilter, RoleGrant
from graph.types.connections import AS_OF, Connection, Node, arguments, paged, with_arguments
from graph.types.departments import (
    Department,
    DepartmentFilter,
    DepartmentOrder,
    Notice,
    NoticeFilter,
    NoticeOrder,
    Viewer,
)
from graph.types.divisions import Division, DivisionFilter, Member, MemberFilter, MemberOrder
from graph.types.matters import Matter, MatterFilter, MatterOrder
from graph.types.outcomes import Commitment, CommitmentFilter, CommitmentOrder, Outcome, OutcomeFilter, OutcomeOrder
from graph.types.plans import AnnualPlan, AnnualPlanFilter, AnnualPlanOrder
from graph.types.platforms import Platform, PlatformFilter, PlatformOrder
from graph.types.search import SearchConnection
from graph.types.sessions import Session, SessionFilter, SessionOrder
from graph.types.topics import Topic, TopicFilter, TopicOrder


@strawberry.type(description="Where every query starts: one operation is one SQL statement.")
class Query:
    node: Node | None = with_arguments("The thing that a global id names.", arguments(id=strawberry.ID))
    nodes: list[Node | None] | None = with_arguments(
        "At most 100 ids; one null for each that does not exist or is out of the caller's sight.",
        arguments(ids=list[strawberry.ID]),
    )
    division: Division | None = with_arguments(
        f"行政区划 by its code. {AS_OF}", arguments(code=DivisionCode, as_of=datetime | None)
    )
    divisions: Connection[Division] | None = paged("行政区划, in the order of their codes.", filter=DivisionFilter)
    platform: Platform | None = with_arguments(
        f"协商平台 by id or code. {AS_OF}", arguments(by=PlatformKey, as_of=datetime | None)
    )
    platforms: Connection[Platform] | None = paged("协商平台.", filter=PlatformFilter, order=PlatformOrder, past=True)
    topic: Topic | None = with_arguments(
        f"议题 by id or number. {AS_OF}", arguments(by=TopicKey, as_of=datetime | None)
    )
    topics: Connection[Topic] | None = paged("议题.", filter=TopicFilter, order=TopicOrder, past=True)
    sessions: Connection[Session] | None = paged("议事会.", filter=SessionFilter, order=SessionOrder, past=True)
    matters: Connection[Matter] | None = paged(
        "群众反映事项, the latest first: those that became topics, and those that the caller raised or has to see to.",
        filter=MatterFilter,
        order=MatterOrder,
        past=True,
    )
    plans: Connection[AnnualPlan] | None = paged(
        "年度协商计划, all versions, the latest year first: those that are approved, and those that the caller draws "
        "up, approves or audits.",
        filter=AnnualPlanFilter,
        order=AnnualPlanOrder,
        past=True,
    )
    outcomes: Connection[Outcome] | None = paged(
        "协商成果, the latest first.", filter=OutcomeFilter, order=OutcomeOrder, past=True
    )
    commitments: Connection[Commitment] | None = paged(
        "承诺落实事项.", filter=CommitmentFilter, order=CommitmentOrder, past=True
    )
    department: Department | None = with_arguments("责任单位 by its code.", arguments(code=str))
    departments: Connection[Department] | None = paged(
        "责任单位.", filter=DepartmentFilter, order=DepartmentOrder, past=True
    )
    members: Connection[Member] | None = paged("政协委员, by name.", filter=MemberFilter, order=MemberOrder, past=True)
    notices: Connection[Notice] | None = paged(
        "The delivery log (通知日志): one notice for each event and department.",
        filter=NoticeFilter,
        order=NoticeOrder,
    )
    grants: Connection[RoleGrant] | None = paged(
        "授权记录, for those who run or audit their place.", filter=GrantFilter
    )
    search: SearchConnection | None = with_arguments(
        "全文检索, Chinese and Latin, over topics, matters, outcomes and platforms, best first: what has all words of "
        "the text; two characters are enough.",
        arguments(
            text=str, kinds=list[SearchKind] | None, within=DivisionCode | None, first=int | None, after=str | None
        ),
    )
    viewer: Viewer = strawberry.field(description="Who is asking.")
