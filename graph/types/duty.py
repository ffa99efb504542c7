from datetime import date, datetime

import strawberry

from graph.enums import DutyAct
from graph.types.connections import Node
from graph.types.divisions import Committee, Member


@strawberry.type(description="履职考核办法: a version of a committee's scheme of its members' duty; never changed.")
class DutyScheme(Node):
    committee: Committee
    name: str
    version: int = strawberry.field(description="Counted for each name of the committee, from 1.")
    first_year: int
    last_year: int | None = strawberry.field(description="Null where it is for every year from the first on.")
    cap: float | None = strawberry.field(description="The most that a year comes to (总分上限).")
    rules: list["DutyRule"]
    grades: list["DutyGrade"] = strawberry.field(description="The highest first.")
    published_at: datetime


@strawberry.type(description="计分规则: what an act is worth.")
class DutyRule:
    act: DutyAct
    points: float
    cap: float | None = strawberry.field(description="The most that acts of the kind come to in a year (单项上限).")


@strawberry.type(description="考核等次: what a year is called that comes to so much and to no higher grade.")
class DutyGrade:
    name: str
    from_: float = strawberry.field(name="from", description="The least points of a year of this grade.")


@strawberry.type(description="履职记录: an act of a member and the points that it earned in an assessment.")
class DutyRecord(Node):
    member: Member
    act: DutyAct = strawberry.field(description="What the member did (履职行为).")
    on: date
    points: float = strawberry.field(description="What the rule gives; less, at last nothing, beyond a cap.")
    rule: str = strawberry.field(description="The scheme, its version and the act, as `33216 v2: ATTENDED`.")
    source: Node = strawberry.field(description="What shows the act: 议事会, 意见, 成果转化 or 活动.")


@strawberry.type(description="履职考核: every point links to the act that earned it and to the rule's version.")
class DutyAssessment:
    member: Member
    year: int
    scheme: str
    scheme_version: int
    points: float = strawberry.field(description="The sum of the records'.")
    grade: str | None = strawberry.field(description="考核等次; null below every grade of the scheme.")
    assessed_at: datetime
    records: list[DutyRecord] = strawberry.field(description="Day by day.")
