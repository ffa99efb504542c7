"""Sums over a subtree and a period: whole years from counties' tallies, rows for what no tally covers.

Rows are counted at the ends of a period that lie within a year, beneath a county, and of topics that are not
published but in the caller's sight. Templates name the period {since}, {until}, its whole years {first_year} up to
{last_year}, whether {starts_within_year} and {ends_within_year}, and whether the place is {untallied}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.reads.catalogue.common import CHINA_DAY


@dataclass(frozen=True, slots=True)
class Place:
    """What a roll-up is over: predicates on `counted` rows, on tallies of its counties and its own where they serve."""

    rows: str
    of_topics: str
    of_platforms: str
    counties: str = "false"
    itself: str = "false"
    untallied: ClassVar[str] = "{untallied}"
    """Whether no tally covers the place, as the field says that holds the roll-up."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A table whose rows are counted: the instant or day that they count at, and which of them do."""

    table: str
    at: str
    where: str = "true"
    instant: bool = True


def first_whole_year(since: date) -> int:
    """Return the first year that lies wholly in a period."""
    return since.year + is_within_year(since)


def is_within_year(day: date) -> bool:
    """Tell whether a day is not a year's first."""
    return (day.month, day.day) != (1, 1)


def year_of(until: date) -> int:
    """Return the year at whose start a period's whole years have ended."""
    return until.year


def in_period(counted: Counted) -> str:
    """Return the predicate that a row counts in the period."""
    since, until = (CHINA_DAY.format(end) if counted.instant else end for end in ("{since}", "{until}"))
    return f"({{since}} IS NULL OR {counted.at} >= {since}) AND ({{until}} IS NULL OR {counted.at} < {until})"


def rows_of(place: Place, counted: Counted, rows: str, aggregates: str) -> str:
    """Return the query of aggregates over the rows that no tally covers."""
    day = f"{counted.at} AT TIME ZONE 'Asia/Shanghai'" if counted.instant else counted.at
    year = f"extract(year FROM {day})"
    untallied = (
        f"({place.untallied} OR {{starts_within_year}} OR {{ends_within_year}}) "
        f"AND ({place.untallied} OR {year} < {{first_year}} OR {year} >= {{last_year}})"
    )
    return (
        f"SELECT {aggregates} FROM {counted.table} AS counted WHERE {rows} AND {counted.where} "
        f"AND {untallied} AND {in_period(counted)}"
    )


def unpublished_rows(place: Place, aggregates: str) -> str:
    """Return the query of aggregates over topics that are in sight and in no period, not being published."""
    return (
        f"SELECT {aggregates} FROM topic AS counted WHERE {place.rows} AND counted.listed_at IS NULL "
        "AND {since} IS NULL AND {until} IS NULL AND {sees_unpublished}"
    )


def tallies_of(place: Place, sums: Mapping[str, str], table: str = "county_tally") -> str:
    """Return the query of sums, by name, over the counties' whole years."""
    columns = ", ".join(f"sum({column}) AS {name}" for name, column in sums.items())
    return f"SELECT {columns} FROM {whole_years(place.counties, table)}"


def whole_years(places: str, table: str) -> str:
    """Return the FROM item and the predicate of places' tallies in the period's whole years, as `tally`."""
    return f"{table} AS tally WHERE {places} AND tally.year >= {{first_year}} AND tally.year < {{last_year}}"


def summed(names: Mapping[str, str], *parts: str) -> str:
    """Return the FROM item, under its name, that adds the columns of parts up."""
    columns = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in names)
    return f"(SELECT {columns} FROM ({' UNION ALL '.join(parts)}) AS part)"


def unpivoted(place: Place, columns: Mapping[str, str]) -> str:
    """Return the query of rows (value, count) for the tallies' columns by value."""
    names = {f"c{index}": column for index, column in enumerate(columns.values())}
    pairs = ", ".join(f"('{value}', {name})" for value, name in zip(columns, names, strict=True))
    return (
        f"SELECT each.value, each.count FROM ({tallies_of(place, names)}) AS tallied "
        f"CROSS JOIN LATERAL (VALUES {pairs}) AS each(value, count)"
    )
