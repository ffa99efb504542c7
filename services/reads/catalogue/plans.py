from services.plans.models import AnnualPlan, PlanItem
from services.reads import visibility
from services.reads.catalogue.shape import Column, Embedded, Entity, Many, Switch
from services.reads.catalogue.topics import IN_FORCE
from services.reads.text import Form


def held(topic: str, plan: str) -> str:
    """Return the predicate that a topic had a session in a plan's year, China's."""
    return (
        "EXISTS (SELECT FROM {table_session_topic} AS agenda JOIN {table_session} AS sat ON sat.id = agenda.session_id "
        f"WHERE agenda.topic_id = {topic} AND sat.status = 'HELD' "
        f"AND extract(year FROM sat.held_at AT TIME ZONE 'Asia/Shanghai') = {plan}.year)"
    )


HELD_BENEATH = (
    "{t}.id IN (WITH RECURSIVE below AS (SELECT {p}.platform_id AS id UNION ALL "
    "SELECT child.id FROM below JOIN {table_platform} AS child ON child.parent_id = below.id) "
    "SELECT agenda.topic_id FROM below JOIN {table_topic} AS own ON own.platform_id = below.id "
    "JOIN {table_session_topic} AS agenda ON agenda.topic_id = own.id "
    "JOIN {table_session} AS sat ON sat.id = agenda.session_id "
    "WHERE sat.status = 'HELD' AND extract(year FROM sat.held_at AT TIME ZONE 'Asia/Shanghai') = {p}.year)"
)
"""A topic of the plan's platform or of one beneath it had a session in the plan's year."""

IS_IN_FORCE = "({t}.status = 'APPROVED' AND {t}.superseded_at IS NULL)"

ANNUAL_PLAN = Entity(
    model=AnnualPlan,
    prefix="annualplan",
    fields={
        "items": Many("PlanItem", order="{t}.position"),
        "deviations": Embedded("PlanDeviations"),
    },
    visible=visibility.ANNUAL_PLAN,
    filters={"in_force": Switch(IS_IN_FORCE, f"NOT {IS_IN_FORCE}")},
    default_order=(("year", True),),
)

PLAN_ITEM = Entity(
    model=PlanItem,
    fields={"held": Column(held("{t}.topic_id", "{plan}"), Form.PLAIN)},
    joins={"plan": "JOIN {table_annual_plan} AS {plan} ON {plan}.id = {t}.plan_id"},
)
"""Seen with its plan. Its topic was listed when it was put in, and a listed topic stays published."""

PLAN_DEVIATIONS = Entity(
    name="PlanDeviations",
    fields={
        "never_held": Many(
            "Topic",
            where="{t}.id IN (SELECT topic_id FROM {table_plan_item} WHERE plan_id = {p}.id) "
            f"AND NOT {held('{t}.id', '{p}')}",
            order="(SELECT item.position FROM {table_plan_item} AS item "
            "WHERE item.plan_id = {p}.id AND item.topic_id = {t}.id)",
        ),
        "unplanned": Many(
            "Topic",
            where=f"{HELD_BENEATH} AND NOT EXISTS (SELECT {IN_FORCE} AND plan.year = {{p}}.year)",
            order="{t}.number",
        ),
    },
)
