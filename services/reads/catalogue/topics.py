from services.departments.enums import DepartmentKind
from services.reads import visibility
from services.reads.catalogue.common import of_department
from services.reads.catalogue.shape import Column, Entity, Filter, Many, One, Order, Paged, Switch
from services.search.terms import query
from services.topics.models import Involvement, Topic

INVOLVES = (
    "EXISTS (SELECT FROM {{table_involvement}} AS part JOIN {{table_department}} AS involved "
    "ON involved.id = part.department_id "
    "WHERE part.topic_id = {{t}}.id AND part.until IS NULL AND involved.{column})"
)

IN_FORCE = (
    "FROM {table_plan_item} AS item JOIN {table_annual_plan} AS plan ON plan.id = item.plan_id "
    "WHERE item.topic_id = {t}.id AND plan.status = 'APPROVED' AND plan.superseded_at IS NULL"
)
"""Where a topic stands in plans that are in force."""

CONFIRMED_FIXED_AT = (
    "(SELECT CASE WHEN said.confirms_fix THEN said.at END FROM {table_follow_up} AS said "
    "WHERE said.topic_id = {t}.id AND said.role IN ('RESIDENT', 'STAKEHOLDER') AND said.recorded_by IS NULL "
    "ORDER BY said.at DESC, said.id DESC LIMIT 1)"
)
"""When the public last said itself that the fix holds; null where its last word was that it does not, or none."""


TOPIC = Entity(
    model=Topic,
    prefix="topic",
    natural_key="number",
    fields={
        "matters": Many("Matter", order="{t}.raised_at, {t}.id"),
        "plan_item": One(
            "PlanItem",
            lateral=f"SELECT item.* {IN_FORCE} ".replace("{t}", "{p}")
            + "ORDER BY plan.year DESC, plan.approved_at DESC, item.id LIMIT 1",
            nullable=True,
        ),
        "evidence": Many("Evidence", order="{t}.at, {t}.id"),
        "involvements": Many(
            "Involvement",
            where="{t}.topic_id = {p}.id AND {t}.until IS NULL",
            order="array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], {t}.role::text), {t}.since, {t}.id",
        ),
        "sessions": Paged(
            "Session", where="{t}.id IN (SELECT session_id FROM {table_session_topic} WHERE topic_id = {p}.id)"
        ),
        "opinions": Many("Opinion", order="{t}.at, {t}.id"),
        "outcomes": Many("Outcome", order="{t}.reached_on, {t}.id"),
        "follow_ups": Many("FollowUp", order="{t}.at, {t}.id"),
        "confirmed_fixed_at": Column(CONFIRMED_FIXED_AT, nullable=True),
        "notices": Paged("Notice", where="{event}.topic_id = {p}.id"),
        "trace": Many(
            "TraceEntry",
            where="{t}.chain_id IN (SELECT id FROM {table_trace_chain} WHERE topic_id = {p}.id UNION ALL "
            "SELECT chain.id FROM {table_matter} AS raised "
            "JOIN {table_trace_chain} AS chain ON chain.matter_id = raised.id "
            "WHERE raised.topic_id = {p}.id AND {sees_raised}) "
            # What stands in both chains is given once, as it stands in the topic's.
            "AND ({t}.act, {t}.subject_kind) IS DISTINCT FROM ('matter.listed', 'topic')",
            order="{t}.at, {t}.chain_id, {t}.sequence",
        ),
    },
    visible=visibility.TOPIC,
    filters={
        "department": of_department(INVOLVES.format(column="code = {value}")),
        "department_kind": Filter(
            INVOLVES.format(column="kind = ANY({value})"), {"value": ("text[]", None)}, values=DepartmentKind
        ),
        "planned": Switch(f"EXISTS (SELECT {IN_FORCE})", f"NOT EXISTS (SELECT {IN_FORCE})"),
        "text": Filter(
            "{t}.id IN (SELECT found.id FROM {table_search_document} AS found "
            "WHERE found.kind = 'TOPIC' AND found.terms @@ {value} AND {searches})",
            {"value": ("text::tsquery", query)},
        ),
    },
    orders={
        "session_count": Order(
            "(SELECT count(*) FROM {table_session_topic} AS counted WHERE counted.topic_id = {t}.id)", "bigint"
        ),
    },
    default_order=(("number", False),),
)

INVOLVEMENT = Entity(
    model=Involvement,
    fields={
        "notices": Many(
            "Notice",
            where="{t}.department_id = {p}.department_id AND {event}.topic_id = {p}.topic_id",
            order="{t}.sequence",
        ),
        "receipt": One(
            "Receipt",
            lateral="SELECT answered.* FROM {table_delivery} AS answered "
            "JOIN {table_lane} ON lane.id = answered.lane_id "
            "WHERE lane.topic_id = {p}.topic_id AND lane.department_id = {p}.department_id "
            "AND answered.receipt IS NOT NULL ORDER BY answered.receipt_at DESC, answered.sequence DESC LIMIT 1",
            nullable=True,
        ),
    },
)
