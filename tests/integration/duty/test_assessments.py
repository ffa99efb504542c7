from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.core.errors import ConstraintViolated, DomainError, Forbidden, NotFound, VersionConflict
from services.core.ids import new_id
from services.duty.commands import assess_member, publish_duty_scheme
from services.duty.enums import DutyAct
from services.duty.errors import DutySchemeInvalid, NoSchemeInForce, YearInFuture
from services.duty.models import DutyAssessment
from services.duty.rules import Grade, Rule, Scheme
from services.members.models import Committee, Member
from tests.servers import as_owner
from tests.world import World

COUNTY = 140521000000
SECRETARIAT = Actor("secretariat", (Grant(Role.SECRETARIAT, "140521"),))
RULES = (
    Rule(DutyAct.ATTENDED, Decimal(3), Decimal(5)),
    Rule(DutyAct.OPINION, Decimal(2)),
    Rule(DutyAct.OPINION_CONVERTED, Decimal(4)),
    Rule(DutyAct.PROPOSAL_FILED, Decimal("7.25")),
    Rule(DutyAct.ACTIVITY, Decimal("1.5")),
)
GRADES = (Grade("优秀", Decimal(30)), Grade("称职", Decimal(10)))
SCHEME = Scheme("33216", 2022, RULES, GRADES, last_year=2024, cap=Decimal(25))

DONE = """
INSERT INTO session (id, platform_id, division_number, status, scheduled_at, held_at, venue, form,
                     headcount_is_lower_bound)
SELECT md5('session' || nth)::uuid, (SELECT id FROM platform), 140521000000,
       CASE WHEN held IS NULL THEN 'SCHEDULED' ELSE 'HELD' END, '2023-01-01Z', held, '院', 'ON_SITE', false
FROM (VALUES (1, timestamptz '2022-12-31T16:00:00Z'), (2, '2023-03-01Z'), (3, NULL), (4, '2023-12-31T16:00:00Z'))
     AS sat(nth, held);
INSERT INTO attendance (id, session_id, position, role, member_id)
SELECT gen_random_uuid(), id, place, 'MEMBER', '{member}' FROM session, generate_series(1, 2) AS place;
INSERT INTO opinion (id, session_id, role, member_id, at, text)
SELECT md5('opinion' || nth)::uuid, md5('session2')::uuid, 'MEMBER', whose::uuid, at, '修'
FROM (VALUES (1, '{member}', timestamptz '2023-03-01Z'), (2, '{other}', '2023-03-01Z'), (3, '{member}', '2024-01-05Z'))
     AS said(nth, whose, at);
INSERT INTO conversion (id, kind, title, submitted_on, filed, author_id, opinion_id, platform_id, division_number)
SELECT md5('conversion' || nth)::uuid, kind, '关于修路', on_day, filed, whose::uuid,
       md5('opinion' || opinion)::uuid, (SELECT id FROM platform), 140521000000
FROM (VALUES (1, 'PROPOSAL', date '2023-04-01', true, '{member}', 1),
             (2, 'PROPOSAL', '2023-04-01', true, '{member}', 2),
             (3, 'SUGGESTION', '2023-04-03', NULL, '{other}', 1),
             (4, 'SUGGESTION', '2023-04-04', true, '{other}', 2))
     AS made(nth, kind, on_day, filed, whose, opinion);
INSERT INTO activity (id, kind, title, held_on, division_number)
VALUES (md5('activity1')::uuid, '委员学堂', '第一讲', '2023-06-01', 140521000000),
       (md5('activity2')::uuid, '委员学堂', '第二讲', '2022-06-01', 140521000000);
INSERT INTO activity_member (activity_id, member_id) SELECT id, '{member}' FROM activity;
"""
"""Sessions at both ends of China's year, one not held; documents that the member wrote, or that became of what they or
another said."""


class Bureau:
    """A committee with two members, and the secretariat that assesses them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.committee, self.member, self.other = new_id(), new_id(), new_id()

    async def begin(self) -> None:
        async with as_owner(self.world.db) as tx:
            tx.add(Committee(id=self.committee, name="政协沁水县委员会", division_number=COUNTY))
            await tx.flush()
            for key, name in ((self.member, "委员 0001"), (self.other, "委员 0002")):
                tx.add(Member(id=key, name=name, sector="农业", committee_id=self.committee, division_number=COUNTY))
        for statement in DONE.format(member=self.member, other=self.other).split(";\n"):
            if statement.strip():
                await self.world.run(statement)

    async def publish(self, scheme: Scheme = SCHEME, *, actor: Actor = SECRETARIAT, **given: Any) -> UUID:
        values = {"committee_id": self.committee, "expected_version": None, **given}
        async with self.world.db.write() as tx:
            return await publish_duty_scheme(Act(tx, actor, SystemClock()), scheme=scheme, **values)

    async def assess(self, year: int = 2023, *, actor: Actor = SECRETARIAT, member: UUID | None = None) -> UUID:
        async with self.world.db.write() as tx:
            whose = member or self.member
            return await assess_member(Act(tx, actor, SystemClock()), member_id=whose, year=year)

    async def assessment(self, key: UUID) -> DutyAssessment:
        async with self.world.db.write() as tx:
            return await tx.get_one(DutyAssessment, key)

    async def records(self, assessment: UUID) -> list[tuple[Any, ...]]:
        return await self.world.rows(
            f"SELECT act, acted_on::text, points, coalesce(session_id, opinion_id, conversion_id, activity_id) "
            f"FROM duty_record WHERE assessment_id = '{assessment}' ORDER BY acted_on, id"
        )

    async def everything(self) -> Mapping[str, list[tuple[Any, ...]]]:
        tables = ("duty_scheme", "duty_rule", "duty_grade", "duty_assessment", "duty_record", "event")
        return {table: await self.world.rows(f"SELECT t::text FROM {table} AS t ORDER BY 1") for table in tables}


@pytest.fixture
async def bureau(world: World) -> Bureau:
    bureau = Bureau(world)
    await bureau.begin()
    return bureau


async def test_year_comes_to_what_its_acts_earn_beneath_the_caps(bureau: Bureau) -> None:
    scheme = await bureau.publish()
    assessment = await bureau.assess()
    records = await bureau.records(assessment)
    assert [(act, on, str(points)) for act, on, points, _ in records] == [
        ("ATTENDED", "2023-01-01", "3.00"),
        ("OPINION", "2023-03-01", "2.00"),
        ("ATTENDED", "2023-03-01", "2.00"),
        ("OPINION_CONVERTED", "2023-04-01", "4.00"),
        ("PROPOSAL_FILED", "2023-04-01", "7.25"),
        ("OPINION_CONVERTED", "2023-04-01", "4.00"),
        ("PROPOSAL_FILED", "2023-04-01", "2.75"),
        ("OPINION_CONVERTED", "2023-04-03", "0.00"),
        ("ACTIVITY", "2023-06-01", "0.00"),
    ]
    found = await bureau.assessment(assessment)
    assert (found.scheme_id, found.year, found.points, found.grade) == (scheme, 2023, Decimal(25), "称职")
    assert sum(points for _, _, points, _ in records) == found.points


async def test_same_acts_leave_the_assessment_that_stands(bureau: Bureau) -> None:
    await bureau.publish()
    first = await bureau.assess()
    before = await bureau.everything()
    assert await bureau.assess() == first
    assert await bureau.everything() == before


async def test_another_act_supersedes_the_assessment_and_keeps_it(bureau: Bureau) -> None:
    await bureau.publish()
    first = await bureau.assess()
    before = await bureau.records(first)
    await bureau.world.run(
        "INSERT INTO opinion (id, session_id, role, member_id, at, text) "
        f"SELECT gen_random_uuid(), id, 'MEMBER', '{bureau.member}', '2023-01-02Z', '再修' FROM session LIMIT 1"
    )
    second = await bureau.assess()
    assert (await bureau.assessment(first)).superseded_at is not None
    assert (await bureau.assessment(second)).superseded_at is None
    assert await bureau.records(first) == before
    assert len(await bureau.records(second)) == len(before) + 1


async def test_change_of_a_scheme_is_a_new_version_and_the_newest_applies(bureau: Bureau) -> None:
    first = await bureau.publish()
    under_first = await bureau.assess()
    doubled = tuple(Rule(rule.act, rule.points * 2, rule.cap) for rule in RULES)
    second = await bureau.publish(Scheme("33216", 2023, doubled), expected_version=1)
    assert await bureau.world.rows("SELECT id, version FROM duty_scheme ORDER BY version") == [(first, 1), (second, 2)]
    under_second = await bureau.assess()
    assert (await bureau.assessment(under_first)).points == 25
    assert (await bureau.assessment(under_second)).scheme_id == second
    assert (await bureau.assessment(await bureau.assess(2022))).scheme_id == first
    assert (await bureau.assessment(await bureau.assess(2025))).scheme_id == second


async def test_published_scheme_is_frozen(bureau: Bureau) -> None:
    await bureau.publish()
    before = await bureau.everything()
    for statement in (
        "UPDATE duty_scheme SET cap = 1",
        "UPDATE duty_rule SET points = 9",
        "DELETE FROM duty_grade",
        "TRUNCATE duty_scheme CASCADE",
    ):
        with pytest.raises(ConstraintViolated) as refused:
            await bureau.world.run(statement)
        assert refused.value.constraint == "duty_scheme_is_frozen"
        assert await bureau.everything() == before


REFUSED_SCHEMES: list[tuple[Scheme, dict[str, Any], type[DomainError], str | None]] = [
    (SCHEME, {"committee_id": new_id()}, NotFound, "committee"),
    (SCHEME, {"actor": Actor("s", (Grant(Role.SECRETARIAT, "140106"),))}, Forbidden, None),
    (SCHEME, {"actor": Actor("s", (Grant(Role.CADRE, "140521"),))}, Forbidden, None),
    (SCHEME, {"expected_version": 0}, VersionConflict, "expected_version"),
    (Scheme("33216", 2023, ()), {}, DutySchemeInvalid, "rules"),
    (Scheme("33216", 2023, RULES + RULES[:1]), {}, ConstraintViolated, "rules"),
    (Scheme("33216", 2023, RULES, GRADES + GRADES[:1]), {}, ConstraintViolated, "grades"),
    (Scheme("33216", 2023, RULES, (Grade("优", Decimal(-1)),)), {}, ConstraintViolated, "grades.from"),
    (Scheme("33216", 2023, (Rule(DutyAct.OPINION, Decimal(0)),)), {}, ConstraintViolated, "rules.points"),
    (Scheme("33216", 2023, RULES, last_year=2022), {}, ConstraintViolated, "last_year"),
    (Scheme("33216", 1900, RULES), {}, ConstraintViolated, "first_year"),
    (Scheme("33216", 2023, RULES, cap=Decimal(0)), {}, ConstraintViolated, "cap"),
    (Scheme(" ", 2023, RULES), {}, ConstraintViolated, "name"),
]


async def test_refused_scheme_changes_nothing(bureau: Bureau) -> None:
    await bureau.publish()
    before = await bureau.everything()
    for scheme, given, refusal, path in REFUSED_SCHEMES:
        with pytest.raises(refusal) as refused:
            await bureau.publish(scheme, **given)
        assert ".".join(refused.value.path or ()) == (path or "")
        assert await bureau.everything() == before


REFUSED_ASSESSMENTS: list[tuple[int, dict[str, Any], type[DomainError], str | None]] = [
    (2021, {}, NoSchemeInForce, "year"),
    (2025, {}, NoSchemeInForce, "year"),
    (-1, {}, NoSchemeInForce, "year"),
    (datetime.now(UTC).year + 2, {}, YearInFuture, "year"),
    (2023, {"member": new_id()}, NotFound, "member"),
    (2023, {"actor": Actor("s", (Grant(Role.SECRETARIAT, "140106"),))}, Forbidden, None),
    (2023, {"actor": Actor("s", (Grant(Role.MEMBER, "140521"),))}, Forbidden, None),
    (2023, {"actor": Actor("s", (Grant(Role.AUDITOR, "14"),))}, Forbidden, None),
]


async def test_refused_assessment_changes_nothing(bureau: Bureau) -> None:
    await bureau.publish()
    await bureau.assess()
    before = await bureau.everything()
    for year, given, refusal, path in REFUSED_ASSESSMENTS:
        with pytest.raises(refusal) as refused:
            await bureau.assess(year, **given)
        assert ".".join(refused.value.path or ()) == (path or "")
        assert await bureau.everything() == before
