"""Roll-ups: one lateral aggregate for each table that a selection needs.

A period [since, until) of calendar days in China keeps platforms that were open in it, topics listed in it,
sessions held in it, outcomes reached in it, commitments assigned in it, conversions submitted in it and follow-ups
recorded in it.
"""

from dataclasses import replace

from services.reads.catalogue.common import enum_column, is_overdue
from services.reads.catalogue.platforms import SUBTREE
from services.reads.catalogue.shape import Column, Embedded, Entity, Many
from services.reads.catalogue.tallied import (
    BEFORE_IT,
    BEFORE_ITS_END,
    Counted,
    Place,
    in_period,
    rows_of,
    summed,
    tallied,
    tallies_of,
    unpivoted,
    unpublished_rows,
)
from services.reads.text import Form
from services.tallies.models import CONVERSION_COUNTERS, of_category, of_kind, of_status
from services.topics.enums import Category, TopicKind, TopicStatus

TOPICS = Counted("topic", "counted.listed_at", "counted.listed_at IS NOT NULL")
SESSIONS = Counted("session", "counted.held_at", "counted.status = 'HELD'")
OUTCOMES = Counted("outcome", "counted.reached_on", instant=False)
COMMITMENTS = Counted("commitment", "counted.assigned_at")
CONVERSIONS = Counted("conversion", "counted.submitted_on", instant=False)
FOLLOW_UPS = Counted("follow_up", "counted.at")

TOPIC_TALLIES = {
    "key": of_kind(TopicKind.KEY),
    "micro": of_kind(TopicKind.MICRO),
    "resolved": of_status(TopicStatus.RESOLVED),
}
SESSION_TALLIES = {"held": "sessions_held", "attendances": "attendances", "uncertain": "sessions_uncertain"}
OUTCOME_TALLIES = {"total": "outcomes"}
COMMITMENT_TALLIES = {"total": "commitments", "done": "commitments_done", "verified": "commitments_verified"}
SATISFACTION_TALLIES = {"score": "satisfaction_score", "follow_ups": "follow_ups"}
STATUS_TALLIES = {status.value: of_status(status) for status in TopicStatus}
CATEGORY_TALLIES = {category.value: of_category(category) for category in Category}

TOPIC_COUNTS = (
    "count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, "
    "count(*) FILTER (WHERE status = 'RESOLVED') AS resolved"
)
SESSION_COUNTS = (
    "count(*) AS held, coalesce(sum(headcount), 0) AS attendances, "
    "count(*) FILTER (WHERE headcount_is_lower_bound OR headcount IS NULL) AS uncertain"
)
COMMITMENT_COUNTS_OF_ROWS = (
    "count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, "
    "count(*) FILTER (WHERE status = 'VERIFIED') AS verified"
)
TIERS = "sum(platforms) FILTER (WHERE tier = '{}')"

OPEN_DURING = (
    "({until} IS NULL OR counted.opened_on IS NULL OR counted.opened_on < {until}) "
    "AND ({since} IS NULL OR counted.closed_on IS NULL OR counted.closed_on > {since}) "
    "AND ({since} < {until}) IS NOT FALSE"
)
DAYS_TO_RESOLVE = (
    "(counted.resolved_at AT TIME ZONE 'Asia/Shanghai')::date - (counted.listed_at AT TIME ZONE 'Asia/Shanghai')::date"
)
RESOLVED = replace(TOPICS, where="counted.resolved_at IS NOT NULL")
OVERDUE = replace(COMMITMENTS, where=is_overdue("counted"))


def platform_counts(place: Place) -> str:
    """Return the FROM item of platforms by tier that were open during the period: who closed before it had opened."""
    opened, closed = (
        f"SELECT tier, {platforms} AS platforms FROM {{table_platform_tally}} AS tallied "
        f"WHERE {place.itself} AND NOT {place.untallied} AND ({{since}} < {{until}}) IS NOT FALSE AND {changed}"
        for platforms, changed in (("opened", BEFORE_ITS_END), ("-closed", BEFORE_IT))
    )
    rows = (
        f"SELECT tier, 1 FROM {{table_platform}} AS counted "
        f"WHERE {place.of_platforms} AND {place.untallied} AND {OPEN_DURING}"
    )
    names = {name: f"coalesce({TIERS.format(name.upper())}, 0)" for name in ("general", "sub", "micro")}
    columns = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    parts = f"{opened} UNION ALL {closed} UNION ALL {rows}"
    return f"(SELECT coalesce(sum(platforms), 0) AS total, {columns} FROM ({parts}) AS part)"


def overdue(place: Place) -> str:
    """Return the FROM item of commitments past their date."""
    sums = f"SELECT sum(commitments) AS commitments FROM {tallied(place, 'due_tally')} AND tallied.due_on < {{today}}"
    return summed({"commitments": ""}, sums, rows_of(place, OVERDUE, place.of_topics, "count(*)"))


def median_days(place: Place) -> str:
    """Return the FROM item of the median of days to resolve: between the two in the middle, which may be one."""
    by_place = f"SELECT tallied.days, tallied.topics FROM {tallied(place, 'resolution_tally')}"
    rows = rows_of(place, RESOLVED, place.rows, f"{DAYS_TO_RESOLVE} AS days, 1 AS topics")
    by_days = (
        "SELECT days, sum(sum(topics)) OVER (ORDER BY days) AS up_to, sum(sum(topics)) OVER () AS total "
        f"FROM ({by_place} UNION ALL {rows}) AS part GROUP BY days HAVING sum(topics) > 0"
    )
    middle = "min(days) FILTER (WHERE up_to * 2 >= total) + min(days) FILTER (WHERE up_to * 2 > total)"
    return f"(SELECT ({middle}) / 2.0 AS days FROM ({by_days}) AS counted)"


def aggregates(place: Place) -> dict[str, str]:
    """Return the joins of the aggregates over a place, by name."""
    items = {
        "platforms": platform_counts(place),
        "topics": summed(
            TOPIC_TALLIES,
            tallies_of(place, TOPIC_TALLIES),
            rows_of(place, TOPICS, place.rows, TOPIC_COUNTS),
            unpublished_rows(place, TOPIC_COUNTS),
        ),
        "median": median_days(place),
        "sessions": summed(
            SESSION_TALLIES,
            tallies_of(place, SESSION_TALLIES),
            rows_of(place, SESSIONS, place.rows, SESSION_COUNTS),
        ),
        "outcomes": summed(
            OUTCOME_TALLIES,
            tallies_of(place, OUTCOME_TALLIES),
            rows_of(place, OUTCOMES, place.of_topics, "count(*) AS total"),
        ),
        "commitments": summed(
            COMMITMENT_TALLIES,
            tallies_of(place, COMMITMENT_TALLIES),
            rows_of(place, COMMITMENTS, place.of_topics, COMMITMENT_COUNTS_OF_ROWS),
        ),
        "overdue": overdue(place),
        "satisfaction": summed(
            SATISFACTION_TALLIES,
            tallies_of(place, SATISFACTION_TALLIES),
            rows_of(place, FOLLOW_UPS, place.of_topics, "sum(score) AS score, count(*) AS follow_ups"),
        ),
    }
    return {name: f"CROSS JOIN LATERAL {item} AS {{{name}}}" for name, item in items.items()}


def grouped(place: Place, column: str, tallies: dict[str, str]) -> str:
    """Return the subquery that counts topics by a column."""
    aggregate = f"counted.{column} AS value, count(*) AS count"
    return added_up(
        unpivoted(place, tallies),
        f"{rows_of(place, TOPICS, place.rows, aggregate)} GROUP BY counted.{column}",
        f"{unpublished_rows(place, aggregate)} GROUP BY counted.{column}",
    )


def conversions_by_kind(place: Place) -> str:
    """Return the subquery that counts conversions by their kind."""
    rows = rows_of(place, CONVERSIONS, place.rows, "counted.kind AS value, count(*) AS count")
    return added_up(unpivoted(place, CONVERSION_COUNTERS), f"{rows} GROUP BY counted.kind")


def added_up(*parts: str) -> str:
    """Return the subquery that adds parts of (value, count) up, the first naming them; zeros are left out."""
    return (
        f"(SELECT part.value, sum(part.count) AS count FROM ({' UNION ALL '.join(parts)}) AS part "
        "GROUP BY part.value HAVING sum(part.count) > 0)"
    )


def count(sql: str) -> Column:
    """Return a column of a count."""
    return Column(sql, Form.PLAIN)


def roll_up(name: str, place: Place, joins: dict[str, str]) -> tuple[Entity, Entity, Entity]:
    """Return the entities of a roll-up, of its topic counts, and of the same over one unit of time among others."""
    order = "{t}.count DESC, {t}.value"
    topic_counts = Entity(
        name=f"{name}TopicCounts",
        fields={
            "total": count("{topics}.key + {topics}.micro"),
            "key": count("{topics}.key"),
            "micro": count("{topics}.micro"),
            "by_status": Many("TopicStatusCount", source=grouped(place, "status", STATUS_TALLIES), order=order),
            "by_category": Many("CategoryCount", source=grouped(place, "category", CATEGORY_TALLIES), order=order),
        },
    )
    statistics = Entity(
        name=name,
        fields={
            "platforms": Embedded("PlatformCounts"),
            "topics": Embedded(topic_counts.name),
            "sessions_held": count("{sessions}.held"),
            "attendances": count("{sessions}.attendances::int"),  # a sum; past Int it is refused
            "attendances_are_lower_bound": count("{sessions}.uncertain > 0"),
            "outcomes": count("{outcomes}.total"),
            "conversions": Many("ConversionCount", source=conversions_by_kind(place), order=order),
            "commitments": Embedded("CommitmentCounts"),
            "resolution_rate": Column(
                "{topics}.resolved::float8 / nullif({topics}.key + {topics}.micro, 0)::float8",
                Form.PLAIN,
                nullable=True,
            ),
            "median_days_to_resolve": Column("{median}.days::float8", Form.PLAIN, nullable=True),
            "satisfaction": Column(
                "{satisfaction}.score::float8 / nullif({satisfaction}.follow_ups, 0)::float8",
                Form.PLAIN,
                nullable=True,
            ),
        },
        joins={**joins, **aggregates(place)},
    )
    unit = Entity(
        name=f"{name}Unit",
        fields={
            "from_": Column("{since}", Form.LITERAL),
            "until": Column("{until}", Form.LITERAL),
            "statistics": Embedded(name),
        },
    )
    return statistics, topic_counts, unit


_IN_DIVISION = "(counted.division_number >= {t}.number AND counted.division_number < {t}.upper)"

DIVISION_STATISTICS, DIVISION_TOPIC_COUNTS, DIVISION_UNIT = roll_up(
    "DivisionStatistics",
    Place(
        rows=_IN_DIVISION,
        of_topics=_IN_DIVISION,
        of_platforms=_IN_DIVISION,
        itself="tallied.division_number = {t}.number",
    ),
    joins={},
)

PLATFORM_STATISTICS, PLATFORM_TOPIC_COUNTS, PLATFORM_UNIT = roll_up(
    "PlatformStatistics",
    Place(
        rows="counted.platform_id = ANY({subtree}.ids)",
        of_topics="counted.topic_id IN (SELECT id FROM {table_topic} WHERE platform_id = ANY({subtree}.ids))",
        of_platforms="counted.id = ANY({subtree}.ids)",
    ),
    joins={"subtree": SUBTREE},
)

PLATFORM_COUNTS = Entity(
    name="PlatformCounts",
    fields={name: count(f"{{platforms}}.{name}") for name in ("total", "general", "sub", "micro")},
)

ANSWERED = "answered_at IS NOT NULL"
COMPLETED_ON = "(completed_at AT TIME ZONE 'Asia/Shanghai')::date"
OF_DEPARTMENT = {
    "assigned": "true",
    "answered": ANSWERED,
    "answered_in_time": f"{ANSWERED} AND answered_at <= assigned_at + make_interval(hours => {{answer_hours}})",
    "done": "status IN ('DONE', 'VERIFIED')",
    "done_in_time": f"status IN ('DONE', 'VERIFIED') AND {COMPLETED_ON} <= due_on",
    "done_late": f"status IN ('DONE', 'VERIFIED') AND {COMPLETED_ON} > due_on",
    "open": "status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN')",
    "overdue": is_overdue("counted"),
}
"""What is counted of a department's commitments, and which of them."""

DEPARTMENT_STATISTICS = Entity(
    name="DepartmentStatistics",
    fields={name: count(f"{{own}}.{name}") for name in OF_DEPARTMENT},
    joins={
        "own": "CROSS JOIN LATERAL (SELECT "
        + ", ".join(f"count(*) FILTER (WHERE {which}) AS {name}" for name, which in OF_DEPARTMENT.items())
        + f" FROM {{table_commitment}} AS counted WHERE counted.department_id = {{t}}.id AND {in_period(COMMITMENTS)}"
        ") AS {own}"
    },
)

COMMITMENT_COUNTS = Entity(
    name="CommitmentCounts",
    fields={
        **{name: count(f"{{commitments}}.{name}") for name in ("total", "done", "verified")},
        "overdue": count("{overdue}.commitments"),
    },
)

TOPIC_STATUS_COUNT = Entity(
    name="TopicStatusCount", fields={"status": enum_column("{t}.value"), "count": count("{t}.count")}
)

CATEGORY_COUNT = Entity(
    name="CategoryCount", fields={"category": enum_column("{t}.value"), "count": count("{t}.count")}
)

CONVERSION_COUNT = Entity(
    name="ConversionCount", fields={"kind": enum_column("{t}.value"), "count": count("{t}.count")}
)
