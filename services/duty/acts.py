"""What members did in a year, found where it was recorded."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from services.core.transaction import WriteTx
from services.duty.enums import DutyAct
from services.duty.rules import Done

ACTS = """
SELECT member_id, act, acted_on, source_id FROM (
    SELECT DISTINCT attendance.member_id, 'ATTENDED' AS act,
           (session.held_at AT TIME ZONE 'Asia/Shanghai')::date AS acted_on, session.id AS source_id
    FROM attendance JOIN session ON session.id = attendance.session_id
    WHERE attendance.member_id = ANY ($1::uuid[]) AND session.status = 'HELD'
    UNION ALL
    SELECT member_id, 'OPINION', (at AT TIME ZONE 'Asia/Shanghai')::date, id
    FROM opinion WHERE member_id = ANY ($1::uuid[])
    UNION ALL
    SELECT member_id, 'OPINION_CONVERTED', submitted_on, source_id FROM (
        SELECT author_id AS member_id, submitted_on, id AS source_id
        FROM conversion WHERE author_id = ANY ($1::uuid[])
        UNION
        SELECT opinion.member_id, conversion.submitted_on, conversion.id
        FROM opinion JOIN conversion ON conversion.opinion_id = opinion.id
        WHERE opinion.member_id = ANY ($1::uuid[])
    ) AS converted
    UNION ALL
    SELECT author_id, 'PROPOSAL_FILED', submitted_on, id
    FROM conversion WHERE author_id = ANY ($1::uuid[]) AND kind = 'PROPOSAL' AND filed
    UNION ALL
    SELECT activity_member.member_id, 'ACTIVITY', activity.held_on, activity.id
    FROM activity_member JOIN activity ON activity.id = activity_member.activity_id
    WHERE activity_member.member_id = ANY ($1::uuid[])
) AS done
WHERE acted_on BETWEEN $2::date AND $3::date
ORDER BY member_id, acted_on, source_id, act
"""
"""A document that a member wrote, or that their opinion became, is one act of theirs; a proposal of their own on which
a case was opened is another."""

SOURCES = {
    DutyAct.ATTENDED: "session_id",
    DutyAct.OPINION: "opinion_id",
    DutyAct.OPINION_CONVERTED: "conversion_id",
    DutyAct.PROPOSAL_FILED: "conversion_id",
    DutyAct.ACTIVITY: "activity_id",
}
"""The column of a record that names what shows the act."""


def bounds(members: Sequence[UUID], year: int) -> tuple[list[UUID], date, date]:
    """Return the parameters of ACTS."""
    return list(members), date(year, 1, 1), date(year, 12, 31)


def by_member(rows: Iterable[tuple[UUID, str, date, UUID]]) -> dict[UUID, list[Done]]:
    """Return what each member did out of the rows of ACTS."""
    done: dict[UUID, list[Done]] = {}
    for member_id, act, on, source_id in rows:
        done.setdefault(member_id, []).append(Done(DutyAct(act), on, source_id))
    return done


async def acts_of(tx: WriteTx, member_id: UUID, year: int) -> list[Done]:
    """Return what a member did in a year."""
    rows = await (await tx.connection()).exec_driver_sql(ACTS, bounds([member_id], year))
    return by_member(tuple(row) for row in rows).get(member_id, [])
