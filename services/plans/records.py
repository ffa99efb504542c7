"""Plans under lock, their items, and whether topics stand in a plan that is in force."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from services.core.lookup import among, row_by_id
from services.core.transaction import WriteTx
from services.plans.enums import PlanStatus
from services.plans.errors import PlanNotApproved
from services.plans.models import AnnualPlan, PlanItem
from services.topics.enums import TopicKind
from services.topics.models import Topic

IS_BENEATH = text("""
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM platform WHERE id = :below
    UNION ALL
    SELECT upper.id, upper.parent_id FROM above JOIN platform AS upper ON upper.id = above.parent_id)
SELECT EXISTS (SELECT FROM above WHERE id = :above)
""")


async def find_plan(tx: WriteTx, key: UUID) -> AnnualPlan:
    """Return a plan, not yet locked. Raises NotFound."""
    return await row_by_id(tx, AnnualPlan, key, "annualplan", thing="plan")


async def newest_version(tx: WriteTx, platform_id: UUID, year: int) -> AnnualPlan | None:
    """Return the newest version of a platform's plan for a year, locked."""
    return await tx.scalar(
        select(AnnualPlan)
        .where(col(AnnualPlan.platform_id) == platform_id, col(AnnualPlan.year) == year)
        .order_by(col(AnnualPlan.version).desc())
        .limit(1)
        .with_for_update()
    )


async def version_in_force(tx: WriteTx, platform_id: UUID, year: int) -> AnnualPlan | None:
    """Return the version of a platform's plan for a year that is in force, locked."""
    return await tx.scalar(
        select(AnnualPlan)
        .where(
            col(AnnualPlan.platform_id) == platform_id,
            col(AnnualPlan.year) == year,
            col(AnnualPlan.status) == PlanStatus.APPROVED,
            col(AnnualPlan.superseded_at).is_(None),
        )
        .with_for_update()
    )


async def items_of(tx: WriteTx, plan: AnnualPlan) -> list[PlanItem]:
    """Return a plan's items in their order."""
    return list(
        await tx.scalars(select(PlanItem).where(col(PlanItem.plan_id) == plan.id).order_by(col(PlanItem.position)))
    )


async def is_beneath(tx: WriteTx, platform_id: UUID, above: UUID) -> bool:
    """Tell whether a platform is another one or stands beneath it."""
    return bool(await tx.scalar(IS_BENEATH, {"below": platform_id, "above": above}))


async def require_planned(tx: WriteTx, topics: Sequence[Topic], year: int, *, path: str = "topics") -> None:
    """Require that the key topics among these stand in plans in force for the year. Raises PlanNotApproved.

    A plan has topics of its platform and of those beneath only, hence it is the topic's platform's or one above.
    """
    keys = [topic.id for topic in topics if topic.kind is TopicKind.KEY]
    if not keys:
        return
    rows = await tx.scalars(
        select(col(PlanItem.topic_id))
        .join(AnnualPlan, col(AnnualPlan.id) == PlanItem.plan_id)
        .where(
            among(col(PlanItem.topic_id), keys),
            col(AnnualPlan.year) == year,
            col(AnnualPlan.status) == PlanStatus.APPROVED,
            col(AnnualPlan.superseded_at).is_(None),
        )
    )
    planned = set(rows)
    missing = [topic.number for topic in topics if topic.id in keys and topic.id not in planned]
    if missing:
        raise PlanNotApproved(missing, year, path=path)
