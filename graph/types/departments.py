from datetime import datetime

import strawberry

from graph.enums import DepartmentKind, NoticeStatus, ReceiptStatus, Role
from graph.inputs.filters import PART_OF_NAME, Period, filter_input, order_input
from graph.types.connections import AS_OF, Connection, Node, arguments, paged, with_arguments
from graph.types.divisions import Division, Member
from graph.types.matters import Matter, MatterFilter, MatterOrder
from graph.types.outcomes import Commitment, CommitmentFilter, CommitmentOrder
from graph.types.topics import Topic, TopicFilter, TopicOrder

DepartmentFilter = filter_input(
    "Department",
    ("within", "kind", "enabled", "name"),
    enabled="Whether its channel is enabled.",
    name=PART_OF_NAME,
)
DepartmentOrder = order_input(
    "Department", "code", "name", code="By 责任单位编码.", name="By 名称, character by character."
)
NoticeFilter = filter_input(
    "Notice",
    ("department", "status", "type", "topic", "occurred", "unacknowledged"),
    unacknowledged="Taken by the broker, not yet answered by the department.",
)
NoticeOrder = order_input(
    "Notice",
    "occurred_at",
    "confirmed_at",
    occurred_at="By when what they tell of happened (发生时间).",
    confirmed_at="By when the broker took them (送达时间); what it has not taken stands last.",
)


@strawberry.type(description="责任单位. `code` is also its routing key and broker account.")
class Department(Node):
    code: str
    name: str
    kind: DepartmentKind
    division: Division
    topics: Connection[Topic] | None = paged("Topics that involve it now.", filter=TopicFilter, order=TopicOrder)
    commitments: Connection[Commitment] | None = paged(filter=CommitmentFilter, order=CommitmentOrder)
    notices: Connection["Notice"] | None = paged(filter=NoticeFilter, order=NoticeOrder)
    statistics: "DepartmentStatistics | None" = with_arguments(
        f"Figures of its commitments, in a period of those assigned in it (责任单位统计). {AS_OF}",
        arguments(period=Period | None, as_of=datetime | None),
    )
    channel: "DepartmentChannel"


@strawberry.type(
    description="责任单位统计: how many commitments a department has, and how it answers and fulfils them. The times "
    "that they rest on are `assignedAt`, `answeredAt`, `completedAt` and `dueOn` of the commitments."
)
class DepartmentStatistics:
    assigned: int = strawberry.field(description="Assigned to it (交办), in whatever state.")
    answered: int = strawberry.field(description="Accepted or declined (已答复).")
    answered_in_time: int = strawberry.field(
        description="Answered within the hours in which the installation expects an answer to `commitment.assigned`, "
        "72 where nothing else is set (按时答复)."
    )
    done: int = strawberry.field(description="Done, verified or not (已办结).")
    done_in_time: int = strawberry.field(
        description="Done on the last day or before, as days are counted in China (按时办结); what has no last day "
        "counts neither here nor in `doneLate`."
    )
    done_late: int = strawberry.field(description="Done after the last day (逾期办结).")
    open: int = strawberry.field(description="Neither done, declined nor withdrawn (在办).")
    overdue: int = strawberry.field(description="Past the last day, and neither done, declined nor withdrawn (超期).")


FOR_THOSE = "For its operators and for the department; null to others."


@strawberry.type(description="A department's way on the broker (通知通道).")
class DepartmentChannel:
    enabled: bool
    pending: int | None = strawberry.field(description=f"Notices that wait to be sent. {FOR_THOSE}")
    parked: int | None = strawberry.field(description=f"Notices that wait for an operator. {FOR_THOSE}")
    oldest_pending_at: datetime | None = strawberry.field(description=FOR_THOSE)
    paused_until: datetime | None
    last_error: str | None = strawberry.field(description=FOR_THOSE)


@strawberry.type(description="通知: one event on its way to one department.")
class Notice(Node):
    event_id: strawberry.ID
    type: str
    department: Department
    topic: Topic | None
    sequence: int = strawberry.field(description="Contiguous for each department and topic.")
    status: NoticeStatus
    occurred_at: datetime
    confirmed_at: datetime | None
    attempts: int
    last_error: str | None
    receipt: "Receipt | None"
    replays: int = strawberry.field(description="How often it was put back to be sent again.")
    replayed_at: datetime | None
    skipped_at: datetime | None
    skip_reason: str | None = strawberry.field(description="Why an operator decided that it is not sent.")


@strawberry.type(description="A department's answer to a notice (回执).")
class Receipt:
    status: ReceiptStatus
    at: datetime
    note: str | None = strawberry.field(description="For those who see the notice (回执说明); null to others.")
    evidence_url: str | None = strawberry.field(description="Likewise.")


@strawberry.type(description="Who is asking.")
class Viewer:
    subject: str | None = strawberry.field(description="Null for an anonymous caller.")
    grants: list["Grant"]
    matters: Connection[Matter] | None = paged(
        "What the caller raised, the latest first.", filter=MatterFilter, order=MatterOrder
    )
    member: Member | None = strawberry.field(
        description="The member that the caller is (本人委员), as whom they speak where a verb's `member` is left out; "
        "null where `linkMember` made them none, or one of several committees."
    )
    members: list[Member] = strawberry.field(
        description="The members that the caller is, one of each committee at most, the higher committee's first."
    )


@strawberry.type(description="A role over a division's subtree or for a department (授权).")
class Grant:
    role: Role
    division: Division | None
    department: Department | None
