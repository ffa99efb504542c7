"""Roll-ups counted row by row: first which rows count, then each figure over these alone; no tally is read."""

from collections.abc import Mapping
from dataclasses import replace

from services.reads.catalogue.entities import ENTITIES as CATALOGUE
from services.reads.catalogue.shape import Column, Entity, Field, Many

BENEATH = {
    "Division": "place.division_number >= {t}.number AND place.division_number < {t}.upper",
    "Platform": "place.platform_id IN (WITH RECURSIVE below(id) AS (VALUES ({t}.id) UNION "
    "SELECT platform.id FROM platform JOIN below ON platform.parent_id = below.id) SELECT id FROM below)",
}
"""Whether something in a place, with a division and a platform, lies beneath the found."""

PLATFORMS = "(SELECT *, id AS platform_id FROM platform)"
OPEN = (
    "(place.opened_on < {until}) IS NOT FALSE AND (place.closed_on > {since}) IS NOT FALSE "
    "AND ({since} < {until}) IS NOT FALSE"
)


def during(day: str) -> str:
    """Return the predicate that a day lies in the period; one without ends has room for what has no day."""
    return f"({{since}} IS NULL OR {day} >= {{since}}) AND ({{until}} IS NULL OR {day} < {{until}})"


def instant_during(instant: str) -> str:
    """Return the predicate that an instant's day in China lies in the period."""
    return during(f"({instant} AT TIME ZONE 'Asia/Shanghai')::date")


def counting(beneath: str) -> Mapping[str, str]:
    """Return the joins that give the ids of the rows which count, by table."""
    unpublished = "SELECT FROM topic AS counted WHERE counted.id = found.id AND {sees_unpublished}"
    seen = f"(found.listed_at IS NOT NULL OR EXISTS ({unpublished}))"
    of_topic = "JOIN topic AS place ON place.id = found.topic_id"
    parts = {
        "platform": f"FROM {PLATFORMS} AS place JOIN platform AS found USING (id) WHERE {OPEN}",
        "topic": "FROM topic AS place JOIN topic AS found USING (id) "
        f"WHERE {seen} AND {instant_during('found.listed_at')}",
        "session": "FROM session AS place JOIN session AS found USING (id) "
        f"WHERE found.status = 'HELD' AND {instant_during('found.held_at')}",
        "outcome": f"FROM outcome AS found {of_topic} WHERE {during('found.reached_on')}",
        "commitment": f"FROM commitment AS found {of_topic} WHERE {instant_during('found.assigned_at')}",
        "conversion": "FROM conversion AS place JOIN conversion AS found USING (id) "
        f"WHERE {during('found.submitted_on')}",
        "follow_up": f"FROM follow_up AS found {of_topic} WHERE {instant_during('found.at')}",
    }
    return {
        f"{table}_ids": f"CROSS JOIN LATERAL (SELECT array_agg(found.id) AS ids {part} AND {beneath}) "
        f"AS {{{table}_ids}}"
        for table, part in parts.items()
    }


def figure(table: str, condition: str = "true", of: str = "count(*)") -> Column:
    """Return a figure over the rows of a table that count."""
    return Column(f"(SELECT {of} FROM {table} WHERE id = ANY({{{table}_ids}}.ids) AND {condition})")


def groups(entity: str, column: str, table: str = "topic") -> Many:
    """Return the rows of a table that count by a column."""
    source = (
        f"(SELECT {column} AS value, count(*) AS count FROM {table} WHERE id = ANY({{{table}_ids}}.ids) GROUP BY 1)"
    )
    return Many(entity, source=source, order="{t}.count DESC, {t}.value")


RESOLUTION_RATE = "avg(CASE WHEN status = 'RESOLVED' THEN 1.0::float8 ELSE 0 END)"
MEDIAN = (
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY date_trunc('day', resolved_at, 'Asia/Shanghai')::date"
    " - date_trunc('day', listed_at, 'Asia/Shanghai')::date)"
)

STATISTICS: Mapping[str, Field] = {
    "sessions_held": figure("session"),
    "attendances": figure("session", of="coalesce(sum(headcount), 0)::bigint"),
    "attendances_are_lower_bound": figure("session", "(headcount IS NULL OR headcount_is_lower_bound)", "count(*) > 0"),
    "outcomes": figure("outcome"),
    "conversions": groups("ConversionCount", "kind", "conversion"),
    "resolution_rate": figure("topic", of=RESOLUTION_RATE),
    "median_days_to_resolve": figure("topic", "listed_at IS NOT NULL", MEDIAN),
    "satisfaction": figure("follow_up", of="avg(score::float8)"),
}
TOPIC_COUNTS: Mapping[str, Field] = {
    "total": figure("topic"),
    "key": figure("topic", "kind = 'KEY'"),
    "micro": figure("topic", "kind = 'MICRO'"),
    "by_status": groups("TopicStatusCount", "status"),
    "by_category": groups("CategoryCount", "category"),
}
PLATFORM_COUNTS: Mapping[str, Field] = {
    "total": figure("platform"),
    **{tier.lower(): figure("platform", f"tier = '{tier}'") for tier in ("GENERAL", "SUB", "MICRO")},
}
OF_DEPARTMENT = {
    "commitment_ids": "CROSS JOIN LATERAL (SELECT array_agg(found.id) AS ids FROM commitment AS found "
    f"WHERE found.department_id = {{t}}.id AND {instant_during('found.assigned_at')}) AS {{commitment_ids}}"
}
LAST_INSTANT = "(due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'"
DEPARTMENT_STATISTICS: Mapping[str, Field] = {
    "assigned": figure("commitment"),
    "answered": figure("commitment", of="count(answered_at)"),
    "answered_in_time": figure("commitment", "extract(epoch FROM answered_at - assigned_at) <= 72 * 3600"),
    "done": figure("commitment", "status IN ('DONE', 'VERIFIED')"),
    "done_in_time": figure("commitment", f"status IN ('DONE', 'VERIFIED') AND completed_at < {LAST_INSTANT}"),
    "done_late": figure("commitment", f"status IN ('DONE', 'VERIFIED') AND completed_at >= {LAST_INSTANT}"),
    "open": figure("commitment", "status IN ('ASSIGNED', 'ACCEPTED', 'IN_PROGRESS', 'DISPUTED')"),
    "overdue": figure(
        "commitment", "due_on < {today} AND status IN ('ASSIGNED', 'ACCEPTED', 'IN_PROGRESS', 'DISPUTED')"
    ),
}
COMMITMENT_COUNTS: Mapping[str, Field] = {
    "total": figure("commitment"),
    "done": figure("commitment", "status IN ('DONE', 'VERIFIED')"),
    "verified": figure("commitment", "status = 'VERIFIED'"),
    "overdue": figure("commitment", "due_on < {today} AND status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN')"),
}


def counted(name: str, fields: Mapping[str, Field], joins: Mapping[str, str] | None = None) -> Entity:
    """Return an entity of a roll-up with its figures counted so."""
    entity = CATALOGUE[name]
    return replace(entity, fields={**entity.fields, **fields}, joins=joins or {})


ENTITIES: Mapping[str, Entity] = {
    **CATALOGUE,
    **{
        entity.name: entity
        for entity in (
            *(counted(f"{place}Statistics", STATISTICS, counting(beneath)) for place, beneath in BENEATH.items()),
            *(counted(f"{place}StatisticsTopicCounts", TOPIC_COUNTS) for place in BENEATH),
            counted("PlatformCounts", PLATFORM_COUNTS),
            counted("CommitmentCounts", COMMITMENT_COUNTS),
            counted("DepartmentStatistics", DEPARTMENT_STATISTICS, OF_DEPARTMENT),
        )
    },
}
"""The catalogue's entities, the roll-ups replaced."""
