from services.reads import visibility
from services.reads.catalogue.common import (
    between,
    enum_column,
    node_id_column,
    of_department,
    one_of,
    refers_to,
    within,
)
from services.reads.catalogue.shape import Column, Entity, Filter, Many, One, Order, Paged, Switch
from services.reads.text import Form
from services.search.terms import query

INVOLVES = (
    "EXISTS (SELECT FROM involvement AS part JOIN department AS involved ON involved.id = part.department_id "
    "WHERE part.topic_id = {{t}}.id AND part.until IS NULL AND involved.{column})"
)

IN_FORCE = (
    "FROM plan_item AS item JOIN annual_plan AS plan ON plan.id = item.plan_id "
    "WHERE item.topic_id = {t}.id AND plan.status = 'APPROVED' AND plan.superseded_at IS NULL"
)
"""Where a topic stands in plans that are in force."""

CONFIRMED_FIXED_AT = (
    "(SELECT CASE WHEN said.confirms_fix THEN said.at END FROM follow_up AS said "
    "WHERE said.topic_id = {t}.id AND said.role IN ('RESIDENT', 'STAKEHOLDER') AND said.recorded_by IS NULL "
    "ORDER BY said.at DESC, said.id DESC LIMIT 1)"
)
"""When the public last said itself that the fix holds; null where its last word was that it does not, or none."""


def instant(sql: str, *, nullable: bool = False) -> Column:
    """Return the column of an instant."""
    return Column(sql, nullable=nullable)


TOPIC = Entity(
    name="Topic",
    source="topic",
    prefix="topic",
    natural_key="number",
    fields={
        "id": node_id_column("topic"),
        "number": Column("{t}.number", Form.LITERAL),
        "title": Column("{t}.title"),
        "summary": Column("{t}.summary", nullable=True),
        "kind": enum_column("{t}.kind"),
        "category": enum_column("{t}.category"),
        "status": enum_column("{t}.status"),
        "version": Column("{t}.version", Form.PLAIN),
        "platform": One("Platform", on="{t}.id = {p}.platform_id"),
        "matters": Many("Matter", where="{t}.topic_id = {p}.id", order="{t}.raised_at, {t}.id"),
        "plan_item": One(
            "PlanItem",
            lateral=f"SELECT item.* {IN_FORCE} ".replace("{t}", "{p}")
            + "ORDER BY plan.year DESC, plan.approved_at DESC, item.id LIMIT 1",
            nullable=True,
        ),
        "proposed_at": instant("{t}.proposed_at"),
        "listed_at": instant("{t}.listed_at", nullable=True),
        "scheduled_at": instant("{t}.scheduled_at", nullable=True),
        "resolved_at": instant("{t}.resolved_at", nullable=True),
        "resolution": Column("{t}.resolution", nullable=True),
        "evidence": Many("Evidence", where="{t}.topic_id = {p}.id", order="{t}.at, {t}.id"),
        "involvements": Many(
            "Involvement",
            where="{t}.topic_id = {p}.id AND {t}.until IS NULL",
            order="array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], {t}.role::text), {t}.since, {t}.id",
        ),
        "sessions": Paged("Session", where="{t}.id IN (SELECT session_id FROM session_topic WHERE topic_id = {p}.id)"),
        "opinions": Many("Opinion", where="{t}.topic_id = {p}.id", order="{t}.at, {t}.id"),
        "outcomes": Many("Outcome", where="{t}.topic_id = {p}.id", order="{t}.reached_on, {t}.id"),
        "follow_ups": Many("FollowUp", where="{t}.topic_id = {p}.id", order="{t}.at, {t}.id"),
        "confirmed_fixed_at": instant(CONFIRMED_FIXED_AT, nullable=True),
        "notices": Paged("Notice", where="{event}.topic_id = {p}.id"),
        "trace": Many(
            "TraceEntry",
            where="{t}.chain_id IN (SELECT id FROM trace_chain WHERE topic_id = {p}.id UNION ALL "
            "SELECT chain.id FROM matter AS raised JOIN trace_chain AS chain ON chain.matter_id = raised.id "
            "WHERE raised.topic_id = {p}.id AND {sees_raised}) "
            # What stands in both chains is given once, as it stands in the topic's.
            "AND ({t}.act, {t}.subject_kind) IS DISTINCT FROM ('matter.listed', 'topic')",
            order="{t}.at, {t}.chain_id, {t}.sequence",
        ),
    },
    visible=visibility.TOPIC,
    filters={
        "within": within(),
        "platform": refers_to("{t}.platform_id", "platform"),
        "kind": one_of("{t}.kind"),
        "category": one_of("{t}.category"),
        "status": one_of("{t}.status"),
        "department": of_department(INVOLVES.format(column="code = {value}")),
        "department_kind": Filter(INVOLVES.format(column="kind = ANY({value})"), {"value": ("text[]", None)}),
        "proposed": between("{t}.proposed_at", "timestamptz"),
        "scheduled": between("{t}.scheduled_at", "timestamptz"),
        "resolved": between("{t}.resolved_at", "timestamptz"),
        "planned": Switch(f"EXISTS (SELECT {IN_FORCE})", f"NOT EXISTS (SELECT {IN_FORCE})"),
        "text": Filter(
            "{t}.id IN (SELECT found.id FROM search_document AS found "
            "WHERE found.kind = 'TOPIC' AND found.terms @@ {value})",
            {"value": ("text::tsquery", query)},
        ),
    },
    orders={
        "number": Order("{t}.number", "text", unique=True),
        "proposed_at": Order("{t}.proposed_at", "timestamptz"),
        "scheduled_at": Order("{t}.scheduled_at", "timestamptz", nullable=True),
        "resolved_at": Order("{t}.resolved_at", "timestamptz", nullable=True),
        "session_count": Order(
            "(SELECT count(*) FROM session_topic AS counted WHERE counted.topic_id = {t}.id)", "bigint"
        ),
    },
    default_order=(("number", False),),
)

INVOLVEMENT = Entity(
    name="Involvement",
    source="involvement",
    fields={
        "department": One("Department", on="{t}.id = {p}.department_id"),
        "role": enum_column("{t}.role"),
        "since": instant("{t}.since"),
        "notices": Many(
            "Notice",
            where="{t}.department_id = {p}.department_id AND {event}.topic_id = {p}.topic_id",
            order="{t}.sequence",
        ),
        "receipt": One(
            "Receipt",
            lateral="SELECT answered.* FROM delivery AS answered JOIN lane ON lane.id = answered.lane_id "
            "WHERE lane.topic_id = {p}.topic_id AND lane.department_id = {p}.department_id "
            "AND answered.receipt IS NOT NULL ORDER BY answered.receipt_at DESC, answered.sequence DESC LIMIT 1",
            nullable=True,
        ),
    },
)
