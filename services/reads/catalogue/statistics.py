"""Roll-ups: one lateral aggregate for each table that a selection needs.

A period [since, until) of calendar days in China keeps platforms that were open in it, topics listed in it,
sessions held in it, outcomes reached in it and commitments assigned in it.
"""

from services.reads import visibility
from services.reads.catalogue.common import CHINA_DAY, enum_column
from services.reads.catalogue.platforms import SUBTREE
from services.reads.catalogue.shape import Column, Embedded, Entity, Many
from services.reads.text import Form

SINCE = CHINA_DAY.format("{since}")
UNTIL = CHINA_DAY.format("{until}")


def during(instant: str) -> str:
    """Return the predicate that an instant lies in the period."""
    return f"({{since}} IS NULL OR {instant} >= {SINCE}) AND ({{until}} IS NULL OR {instant} < {UNTIL})"


def during_days(day: str) -> str:
    """Return the predicate that a calendar day lies in the period."""
    return f"({{since}} IS NULL OR {day} >= {{since}}) AND ({{until}} IS NULL OR {day} < {{until}})"


OPEN_DURING = (
    "({until} IS NULL OR counted.opened_on IS NULL OR counted.opened_on < {until}) "
    "AND ({since} IS NULL OR counted.closed_on IS NULL OR counted.closed_on > {since})"
)


def topics(of_rows: str) -> str:
    """Return the source of the topics that the caller sees, listed in the period."""
    visible = visibility.TOPIC.replace("{t}", "counted")
    return f"FROM topic AS counted WHERE {of_rows} AND {visible} AND {during('counted.listed_at')}"


def lateral(name: str, columns: str, source: str) -> str:
    """Return the join of an aggregate under its name."""
    return f"CROSS JOIN LATERAL (SELECT {columns} {source}) AS {{{name}}}"


def aggregates(of_rows: str, of_topics: str, of_platforms: str) -> dict[str, str]:
    """Return the aggregates over the rows that predicates on `counted` keep: by place, by topic, by platform."""
    return {
        "platforms": lateral(
            "platforms",
            "count(*) AS total, count(*) FILTER (WHERE tier = 'GENERAL') AS general, "
            "count(*) FILTER (WHERE tier = 'SUB') AS sub, count(*) FILTER (WHERE tier = 'MICRO') AS micro",
            f"FROM platform AS counted WHERE {of_platforms} AND {OPEN_DURING}",
        ),
        "topics": lateral(
            "topics",
            "count(*) AS total, count(*) FILTER (WHERE kind = 'KEY') AS key, "
            "count(*) FILTER (WHERE kind = 'MICRO') AS micro, "
            "count(*) FILTER (WHERE status = 'RESOLVED') AS resolved, "
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - listed_at) / 86400) "
            "AS median_days",
            topics(of_rows),
        ),
        "sessions": lateral(
            "sessions",
            "count(*) AS held, coalesce(sum(headcount), 0) AS attendances, "
            "coalesce(bool_or(headcount_is_lower_bound OR headcount IS NULL), false) AS is_lower_bound",
            f"FROM session AS counted WHERE {of_rows} AND status = 'HELD' AND {during('counted.held_at')}",
        ),
        "outcomes": lateral(
            "outcomes",
            "count(*) AS total",
            f"FROM outcome AS counted WHERE {of_topics} AND {during_days('counted.reached_on')}",
        ),
        "commitments": lateral(
            "commitments",
            "count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, "
            "count(*) FILTER (WHERE status = 'VERIFIED') AS verified, "
            "count(*) FILTER (WHERE due_on < {today} AND status NOT IN ('DONE', 'VERIFIED', 'DECLINED')) AS overdue",
            f"FROM commitment AS counted WHERE {of_topics} AND {during('counted.assigned_at')}",
        ),
    }


def grouped(column: str, of_rows: str) -> str:
    """Return the subquery that counts topics by a column."""
    return f"(SELECT counted.{column} AS value, count(*) AS count {topics(of_rows)} GROUP BY counted.{column})"


def count(sql: str) -> Column:
    """Return a column of a count."""
    return Column(sql, Form.PLAIN)


def roll_up(name: str, of_rows: str, of_topics: str, of_platforms: str, joins: dict[str, str]) -> tuple[Entity, Entity]:
    """Return the entities of a roll-up and of its topic counts."""
    topic_counts = Entity(
        name=f"{name}TopicCounts",
        fields={
            "total": count("{topics}.total"),
            "key": count("{topics}.key"),
            "micro": count("{topics}.micro"),
            "by_status": Many("TopicStatusCount", source=grouped("status", of_rows), order="{t}.count DESC, {t}.value"),
            "by_category": Many(
                "CategoryCount", source=grouped("category", of_rows), order="{t}.count DESC, {t}.value"
            ),
        },
    )
    statistics = Entity(
        name=name,
        fields={
            "platforms": Embedded("PlatformCounts"),
            "topics": Embedded(topic_counts.name),
            "sessions_held": count("{sessions}.held"),
            "attendances": count("{sessions}.attendances"),
            "attendances_are_lower_bound": count("{sessions}.is_lower_bound"),
            "outcomes": count("{outcomes}.total"),
            "commitments": Embedded("CommitmentCounts"),
            "resolution_rate": Column(
                "{topics}.resolved::float8 / nullif({topics}.total, 0)", Form.PLAIN, nullable=True
            ),
            "median_days_to_resolve": Column("{topics}.median_days::float8", Form.PLAIN, nullable=True),
        },
        joins={**joins, **aggregates(of_rows, of_topics, of_platforms)},
    )
    return statistics, topic_counts


BY_DIVISION = roll_up(
    "DivisionStatistics",
    of_rows=(in_division := "(counted.division_number >= {t}.number AND counted.division_number < {t}.upper)"),
    of_topics=in_division,
    of_platforms=in_division,
    joins={},
)

BY_PLATFORM = roll_up(
    "PlatformStatistics",
    of_rows="counted.platform_id = ANY({subtree}.ids)",
    of_topics="counted.topic_id IN (SELECT id FROM topic WHERE platform_id = ANY({subtree}.ids))",
    of_platforms="counted.id = ANY({subtree}.ids)",
    joins={"subtree": SUBTREE},
)

PLATFORM_COUNTS = Entity(
    name="PlatformCounts",
    fields={name: count(f"{{platforms}}.{name}") for name in ("total", "general", "sub", "micro")},
)

COMMITMENT_COUNTS = Entity(
    name="CommitmentCounts",
    fields={name: count(f"{{commitments}}.{name}") for name in ("total", "done", "verified", "overdue")},
)

TOPIC_STATUS_COUNT = Entity(
    name="TopicStatusCount", fields={"status": enum_column("{t}.value"), "count": count("{t}.count")}
)

CATEGORY_COUNT = Entity(
    name="CategoryCount", fields={"category": enum_column("{t}.value"), "count": count("{t}.count")}
)
