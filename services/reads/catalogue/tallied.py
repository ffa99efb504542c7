"""Sums over a subtree and a period: from tallies for counties, cities and the province, from rows for smaller places.

Unpublished topics that the caller sees are counted from their rows. Templates name the period {since} and {until}, its
whole years {years_from} and {years_until}, its whole months likewise, and the condition that a place has no tallies
{untallied}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from services.reads.catalogue.common import CHINA_DAY


@dataclass(frozen=True, slots=True)
class Place:
    """What a roll-up sums over: predicates on `counted` rows and on tallies."""

    rows: str
    of_topics: str
    of_platforms: str
    itself: str = "false"
    untallied: ClassVar[str] = "{untallied}"
    """Whether the place has no tallies; the field that embeds the roll-up says so."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A table whose rows are counted: the instant or day at which each counts, and a condition."""

    table: str
    at: str
    where: str = "true"
    instant: bool = True


def first_new_year(since: date) -> date:
    """Return the first 1 January on or after a day; the last possible day if there is none."""
    return since if (since.month, since.day) == (1, 1) else _first_of_next_month(since.replace(month=12))


def last_new_year(until: date) -> date:
    """Return the last 1 January on or before a day."""
    return until.replace(month=1, day=1)


def first_new_month(since: date) -> date:
    """Return the first day of a month on or after a day; the last possible day if there is none."""
    return since if since.day == 1 else _first_of_next_month(since)


def last_new_month(until: date) -> date:
    """Return the last first day of a month on or before a day."""
    return until.replace(day=1)


def _first_of_next_month(day: date) -> date:
    last = day.replace(day=28)
    return (last + timedelta(days=4)).replace(day=1) if last < date.max.replace(day=28) else date.max


def _up_to(year: str, month: str, days: str) -> str:
    return (
        f"((unit = 'YEAR' AND starts_on < {year}) OR (unit = 'MONTH' AND starts_on >= {year} AND starts_on < {month}) "
        f"OR (unit = 'DAY' AND starts_on >= {month} AND starts_on {days}))"
    )


BEFORE_ITS_END = _up_to("{years_until}", "{months_until}", "< {until}")
BEFORE_IT = _up_to(
    "date_trunc('year', {since}::timestamp)::date", "date_trunc('month', {since}::timestamp)::date", "<= {since}"
)
"""Whether a tally lies before the end of the period, or before its first day or on it."""


def in_period(counted: Counted) -> str:
    """Return the predicate that a row counts in the period."""
    since, until = (CHINA_DAY.format(end) if counted.instant else end for end in ("{since}", "{until}"))
    return f"({{since}} IS NULL OR {counted.at} >= {since}) AND ({{until}} IS NULL OR {counted.at} < {until})"


def rows_of(place: Place, counted: Counted, rows: str, aggregates: str) -> str:
    """Return the query of aggregates over the rows of a place that has no tallies."""
    return (
        f"SELECT {aggregates} FROM {{table_{counted.table}}} AS counted WHERE {rows} AND {counted.where} "
        f"AND {place.untallied} AND {in_period(counted)}"
    )


def unpublished_rows(place: Place, aggregates: str) -> str:
    """Return the query of aggregates over unpublished topics that the caller sees; they are in no period."""
    return (
        f"SELECT {aggregates} FROM {{table_topic}} AS counted WHERE {place.rows} AND counted.listed_at IS NULL "
        "AND {since} IS NULL AND {until} IS NULL AND {sees_unpublished}"
    )


def tallied(place: Place, table: str = "tally") -> str:
    """Return FROM and WHERE for a place's tallies in the period: whole years, then months, then days."""
    spans = (
        "unit = 'YEAR' AND starts_on >= {years_from} AND starts_on < {years_until}",
        "unit = 'MONTH' AND starts_on >= {months_from} AND starts_on < least({months_until}, {years_from})",
        "unit = 'MONTH' AND starts_on >= greatest({months_from}, {years_until}) AND starts_on < {months_until}",
        "unit = 'DAY' AND starts_on >= {since} AND starts_on < least({until}, {months_from})",
        "unit = 'DAY' AND starts_on >= greatest({since}, {months_until}) AND starts_on < {until}",
    )
    return f"{{table_{table}}} AS tallied WHERE {place.itself} AND NOT {place.untallied} AND (({') OR ('.join(spans)}))"


def tallies_of(place: Place, sums: Mapping[str, str]) -> str:
    """Return the query of sums, by name, over a place's tallies."""
    columns = ", ".join(f"sum({column}) AS {name}" for name, column in sums.items())
    return f"SELECT {columns} FROM {tallied(place)}"


def summed(names: Mapping[str, str], *parts: str) -> str:
    """Return the FROM item that adds up the columns of its parts."""
    columns = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in names)
    return f"(SELECT {columns} FROM ({' UNION ALL '.join(parts)}) AS part)"


def unpivoted(place: Place, columns: Mapping[str, str]) -> str:
    """Return the query of rows (value, count) for the tallies' columns by value."""
    names = {f"c{index}": column for index, column in enumerate(columns.values())}
    pairs = ", ".join(f"('{value}', {name})" for value, name in zip(columns, names, strict=True))
    return (
        f"SELECT each.value, each.count FROM ({tallies_of(place, names)}) AS summed "
        f"CROSS JOIN LATERAL (VALUES {pairs}) AS each(value, count)"
    )
