from datetime import date, datetime

import strawberry
from strawberry import ID, UNSET

from graph.enums import (
    Category,
    CommitmentStatus,
    DepartmentKind,
    MatterNature,
    MatterStatus,
    NoticeStatus,
    PlatformKind,
    PlatformTier,
    Role,
    SessionStatus,
    TopicKind,
    TopicStatus,
)
from graph.scalars import DivisionCode


@strawberry.input(description="From an instant until another, which is left out.")
class DateTimeRange:
    """A half-open range of instants."""

    from_: datetime | None = strawberry.field(name="from", default=UNSET)
    until: datetime | None = strawberry.field(description="Exclusive.", default=UNSET)


@strawberry.input(description="From a day until another, which is left out.")
class DateRange:
    """A half-open range of days."""

    from_: date | None = strawberry.field(name="from", default=UNSET)
    until: date | None = strawberry.field(description="Exclusive.", default=UNSET)


@strawberry.input(description="Calendar days in China, the last one left out (统计期间).")
class Period:
    """A half-open range of days for statistics."""

    from_: date | None = strawberry.field(name="from", default=UNSET)
    until: date | None = strawberry.field(description="Exclusive.", default=UNSET)


@strawberry.input(description="Keeps platforms for which every given field holds.")
class PlatformFilter:
    """Predicates over platforms."""

    and_: list["PlatformFilter"] | None = strawberry.field(name="and", default=UNSET)
    or_: list["PlatformFilter"] | None = strawberry.field(name="or", default=UNSET)
    not_: "PlatformFilter | None" = strawberry.field(name="not", default=UNSET)
    within: DivisionCode | None = UNSET
    tier: list[PlatformTier] | None = UNSET
    kind: list[PlatformKind] | None = UNSET
    brand: str | None = strawberry.field(description="The brand's name.", default=UNSET)
    open: bool | None = UNSET


@strawberry.input(description="Keeps topics for which every given field holds.")
class TopicFilter:
    """Predicates over topics."""

    and_: list["TopicFilter"] | None = strawberry.field(name="and", default=UNSET)
    or_: list["TopicFilter"] | None = strawberry.field(name="or", default=UNSET)
    not_: "TopicFilter | None" = strawberry.field(name="not", default=UNSET)
    within: DivisionCode | None = UNSET
    platform: ID | None = UNSET
    kind: list[TopicKind] | None = UNSET
    category: list[Category] | None = UNSET
    status: list[TopicStatus] | None = UNSET
    department: str | None = strawberry.field(description="Code of a department involved.", default=UNSET)
    department_kind: list[DepartmentKind] | None = UNSET
    proposed: DateTimeRange | None = UNSET
    scheduled: DateTimeRange | None = UNSET
    resolved: DateTimeRange | None = UNSET
    planned: bool | None = strawberry.field(
        description="Whether it stands in an annual plan that is in force (列入年度协商计划).", default=UNSET
    )
    text: str | None = strawberry.field(
        description="Words of the title or summary, found as `search` finds them; at most 200 characters.",
        default=UNSET,
    )


@strawberry.input(description="Keeps sessions for which every given field holds.")
class SessionFilter:
    """Predicates over sessions."""

    and_: list["SessionFilter"] | None = strawberry.field(name="and", default=UNSET)
    or_: list["SessionFilter"] | None = strawberry.field(name="or", default=UNSET)
    not_: "SessionFilter | None" = strawberry.field(name="not", default=UNSET)
    within: DivisionCode | None = UNSET
    platform: ID | None = UNSET
    status: list[SessionStatus] | None = UNSET
    scheduled: DateTimeRange | None = UNSET
    department: str | None = strawberry.field(
        description="Code of a department involved in one of its topics.", default=UNSET
    )
    minutes_overdue: bool | None = UNSET


@strawberry.input(description="Keeps matters for which every given field holds.")
class MatterFilter:
    """Predicates over matters."""

    within: DivisionCode | None = UNSET
    platform: ID | None = UNSET
    status: list[MatterStatus] | None = UNSET
    category: list[Category] | None = UNSET
    nature: list[MatterNature] | None = UNSET
    raised: DateTimeRange | None = UNSET
    overdue: bool | None = UNSET


@strawberry.input(description="Keeps commitments for which every given field holds.")
class CommitmentFilter:
    """Predicates over commitments."""

    within: DivisionCode | None = UNSET
    department: str | None = UNSET
    status: list[CommitmentStatus] | None = UNSET
    overdue: bool | None = UNSET
    due: DateRange | None = UNSET


@strawberry.input(description="Keeps departments for which every given field holds.")
class DepartmentFilter:
    """Predicates over departments."""

    within: DivisionCode | None = UNSET
    kind: list[DepartmentKind] | None = UNSET
    enabled: bool | None = strawberry.field(description="Whether its channel is enabled.", default=UNSET)


@strawberry.input(description="Keeps notices for which every given field holds.")
class NoticeFilter:
    """Predicates over notices."""

    department: str | None = UNSET
    status: list[NoticeStatus] | None = UNSET
    type: list[str] | None = UNSET
    topic: ID | None = UNSET
    occurred: DateTimeRange | None = UNSET
    unacknowledged: bool | None = strawberry.field(
        description="Taken by the broker, not yet answered by the department.", default=UNSET
    )


@strawberry.input(description="Keeps grants for which every given field holds.")
class GrantFilter:
    """Predicates over grants."""

    within: DivisionCode | None = UNSET
    subject: str | None = UNSET
    role: list[Role] | None = UNSET
    current: bool | None = strawberry.field(description="Whether it is in force.", default=UNSET)
