from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.lifecycle import check_version
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.duty.acts import SOURCES, acts_of
from services.duty.errors import NoSchemeInForce, YearInFuture
from services.duty.models import DutyAssessment, DutyGrade, DutyRecord, DutyRule, DutyScheme
from services.duty.rules import Done, Grade, Rule, Scheme, Score, Scored, check_scheme, score
from services.members.models import Committee, Member


async def publish_duty_scheme(act: Act, *, committee_id: UUID, scheme: Scheme, expected_version: int | None) -> UUID:
    """The scheme stands, frozen, as the next version of its name, in force for its years before all published earlier.

    Returns its id. Raises NotFound, Forbidden, VersionConflict, DutySchemeInvalid, ConstraintViolated.
    """
    committee = await row_by_id(act.tx, Committee, committee_id, "committee", lock=True)
    act.actor.require(committee.division_number, Role.SECRETARIAT)
    check_scheme(scheme)
    latest = await _latest_version(act.tx, committee_id, scheme.name)
    check_version(expected_version, latest)
    published = DutyScheme(
        committee_id=committee_id,
        name=scheme.name,
        version=latest + 1,
        first_year=scheme.first_year,
        last_year=scheme.last_year,
        cap=scheme.cap,
        published_at=act.now(),
    )
    act.tx.add(published)
    await act.tx.flush()
    act.tx.add_all(
        [DutyRule(scheme_id=published.id, act=rule.act, points=rule.points, cap=rule.cap) for rule in scheme.rules]
    )
    act.tx.add_all(
        [DutyGrade(scheme_id=published.id, name=grade.name, threshold=grade.threshold) for grade in scheme.grades]
    )
    return published.id


async def assess_member(act: Act, *, member_id: UUID, year: int) -> UUID:
    """The member's year stands assessed from what is recorded of it, under the scheme in force.

    The same acts under the same scheme leave the assessment that stands; others supersede it, and it is kept.
    Returns the id of the one that stands. Raises NotFound, Forbidden, YearInFuture, NoSchemeInForce.
    """
    member = await row_by_id(act.tx, Member, member_id, "member", lock=True)
    act.actor.require(member.division_number, Role.SECRETARIAT)
    present = act.today().year
    if year > present:
        raise YearInFuture(year, present)
    scheme = await _scheme_in_force(act.tx, member.committee_id, year)
    found = await _scored(act.tx, scheme, await acts_of(act.tx, member_id, year))
    standing = await _standing(act.tx, member_id, year)
    if standing is not None:
        if standing.scheme_id == scheme.id and await _record_of(act.tx, standing) == found:
            return standing.id
        standing.superseded_at = act.now()
        await act.tx.flush()
    return await _add_assessment(act, member, year, scheme, found)


async def _latest_version(tx: WriteTx, committee_id: UUID, name: str) -> int:
    """Return the newest version of a committee's scheme, 0 where there is none."""
    versions = select(func.max(col(DutyScheme.version))).where(
        col(DutyScheme.committee_id) == committee_id,
        col(DutyScheme.name) == name,
    )
    return await tx.scalar(versions) or 0


async def _scheme_in_force(tx: WriteTx, committee_id: UUID, year: int) -> DutyScheme:
    """Return the newest of the committee's schemes for the year. Raises NoSchemeInForce."""
    schemes = (
        select(DutyScheme)
        .where(
            col(DutyScheme.committee_id) == committee_id,
            col(DutyScheme.first_year) <= year,
            or_(col(DutyScheme.last_year).is_(None), col(DutyScheme.last_year) >= year),
        )
        .order_by(col(DutyScheme.published_at).desc(), col(DutyScheme.version).desc(), col(DutyScheme.id).desc())
        .limit(1)
    )
    scheme = await tx.scalar(schemes)
    if scheme is None:
        raise NoSchemeInForce((await tx.get_one(Committee, committee_id)).name, year)
    return scheme


async def _scored(tx: WriteTx, scheme: DutyScheme, done: list[Done]) -> Score:
    """Return what acts come to under a published scheme."""
    rules = await tx.scalars(select(DutyRule).where(col(DutyRule.scheme_id) == scheme.id))
    grades = await tx.scalars(select(DutyGrade).where(col(DutyGrade.scheme_id) == scheme.id))
    return score(
        [Rule(rule.act, rule.points, rule.cap) for rule in rules],
        scheme.cap,
        [Grade(grade.name, grade.threshold) for grade in grades],
        done,
    )


async def _standing(tx: WriteTx, member_id: UUID, year: int) -> DutyAssessment | None:
    """Return the assessment of the member's year that stands, None where there is none."""
    return await tx.scalar(
        select(DutyAssessment).where(
            col(DutyAssessment.member_id) == member_id,
            col(DutyAssessment.year) == year,
            col(DutyAssessment.superseded_at).is_(None),
        )
    )


async def _record_of(tx: WriteTx, assessment: DutyAssessment) -> Score:
    """Return what an assessment says, as it was scored."""
    rows = await tx.execute(
        select(DutyRecord)
        .where(col(DutyRecord.assessment_id) == assessment.id)
        .order_by(col(DutyRecord.acted_on), col(DutyRecord.id))
    )
    records = [
        Scored(Done(row.act, row.acted_on, getattr(row, SOURCES[row.act])), row.points) for row in rows.scalars()
    ]
    return Score(tuple(records), assessment.points, assessment.grade)


async def _add_assessment(act: Act, member: Member, year: int, scheme: DutyScheme, found: Score) -> UUID:
    """Write an assessment and its records; return its id."""
    assessment = DutyAssessment(
        member_id=member.id,
        division_number=member.division_number,
        year=year,
        scheme_id=scheme.id,
        points=found.points,
        grade=found.grade,
        assessed_at=act.now(),
    )
    act.tx.add(assessment)
    await act.tx.flush()
    act.tx.add_all(
        [
            DutyRecord(
                assessment_id=assessment.id,
                member_id=member.id,
                division_number=member.division_number,
                act=one.done.act,
                acted_on=one.done.on,
                points=one.points,
                **{SOURCES[one.done.act]: one.done.source_id},
            )
            for one in found.records
        ]
    )
    return assessment.id
