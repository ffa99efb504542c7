"""Counts made row by row in Python, for what the database sums up."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any, TypeAlias

import asyncpg

from services.core.clock import china_day

Row: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
TABLES = ("platform", "topic", "session", "outcome", "commitment", "conversion", "follow_up")
DONE = {"DONE", "VERIFIED"}
ENDED = {*DONE, "DECLINED", "WITHDRAWN"}
ALWAYS = date.min
"""How the driver gives a day at minus infinity."""

Span: TypeAlias = tuple[int, str, date]
"""A place's division number, DAY or YEAR, and the first day."""


async def rows_of(connection: Connection) -> dict[str, list[Row]]:
    """Return every row of the tables that are counted."""
    return {table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")] for table in TABLES}


def is_uncertain(session: Row) -> bool:
    """Tell whether nobody knows how many came."""
    return session["headcount"] is None or bool(session["headcount_is_lower_bound"])


def tallies(tables: Mapping[str, list[Row]]) -> dict[Span, dict[str, int]]:
    """Return the counters of each place and span, those that are zero left out."""
    found: dict[Span, Counter[str]] = {}
    for row, at, names in contributions(tables):
        for span in spans(row, at):
            found.setdefault(span, Counter()).update(names)
    return without_zeros(found)


def contributions(tables: Mapping[str, list[Row]]) -> Iterator[tuple[Row, date | datetime, Mapping[str, int]]]:
    """Give each row that counts with when it does and what it adds."""
    for topic in tables["topic"]:
        if topic["listed_at"] is not None:
            columns = {"topics": topic["kind"], "status": topic["status"], "category": topic["category"]}
            yield topic, topic["listed_at"], {f"{name}_{value.lower()}": 1 for name, value in columns.items()}
    for session in tables["session"]:
        if session["held_at"] is not None:
            came = {"attendances": session["headcount"] or 0, "sessions_uncertain": int(is_uncertain(session))}
            yield session, session["held_at"], {"sessions_held": 1, **came}
    for outcome in tables["outcome"]:
        yield outcome, outcome["reached_on"], {"outcomes": 1}
    for commitment in tables["commitment"]:
        done, verified = commitment["status"] in DONE, commitment["status"] == "VERIFIED"
        names = {"commitments": 1, "commitments_done": int(done), "commitments_verified": int(verified)}
        yield commitment, commitment["assigned_at"], names
    for conversion in tables["conversion"]:
        yield conversion, conversion["submitted_on"], {f"conversions_{conversion['kind'].lower()}": 1}
    for follow_up in tables["follow_up"]:
        yield follow_up, follow_up["at"], {"follow_ups": 1, "satisfaction_score": follow_up["score"]}


def without_zeros(found: Mapping[Span, Mapping[str, int]]) -> dict[Span, dict[str, int]]:
    """Return the counters that are not zero, and the spans that have any."""
    kept = {span: {name: count for name, count in counters.items() if count} for span, counters in found.items()}
    return {span: counters for span, counters in kept.items() if counters}


def places(row: Row) -> list[int]:
    """Return the county, the city and the province of a row, as division numbers; one may be another."""
    return sorted({int(str(row["division_number"])[:length].ljust(12, "0")) for length in (2, 4, 6)})


def spans(row: Row, at: date | datetime) -> list[Span]:
    """Return the places and spans of time that a row counts in."""
    day = china_day(at) if isinstance(at, datetime) else at
    units = {"DAY": day, "MONTH": day.replace(day=1), "YEAR": date(day.year, 1, 1)}
    return [(place, unit, starts_on) for place in places(row) for unit, starts_on in units.items()]


def due_tallies(commitments: Iterable[Row]) -> dict[tuple[Span, date], int]:
    """Return how many open commitments of each place and span are due on a day."""
    return dict(
        Counter(
            (span, row["due_on"])
            for row in commitments
            if row["due_on"] is not None and row["status"] not in ENDED
            for span in spans(row, row["assigned_at"])
        )
    )


def platform_tallies(platforms: Iterable[Row]) -> dict[tuple[Span, str], tuple[int, int]]:
    """Return how many platforms of a tier opened and closed in each place and span."""
    opened, closed = Counter[tuple[Span, str]](), Counter[tuple[Span, str]]()
    for row in platforms:
        opened.update((span, row["tier"]) for span in spans(row, row["opened_on"] or ALWAYS))
        if row["closed_on"] is not None:
            closed.update((span, row["tier"]) for span in spans(row, row["closed_on"]))
    return {key: (opened[key], closed[key]) for key in {*opened, *closed}}


def days_to_resolve(topic: Row) -> int:
    """Return the days from a topic's listing to its resolution."""
    return (china_day(topic["resolved_at"]) - china_day(topic["listed_at"])).days


def resolution_tallies(topics: Iterable[Row]) -> dict[tuple[Span, int], int]:
    """Return how many topics of each place and span took how many days."""
    return dict(
        Counter(
            (span, days_to_resolve(topic))
            for topic in topics
            if topic["resolved_at"] is not None
            for span in spans(topic, topic["listed_at"])
        )
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one until another, which is left out; none where an end is not given."""

    since: date | None = None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has no end at all."""
        return self.since is None and self.until is None

    def holds(self, at: date | datetime | None) -> bool:
        """Tell whether something that happened then, if it did, happened in the period."""
        if at is None:
            return False
        day = china_day(at) if isinstance(at, datetime) else at
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)

    def overlaps(self, opened: date | None, closed: date | None) -> bool:
        """Tell whether something was open on a day of the period."""
        if self.since is not None and self.until is not None and self.since >= self.until:
            return False
        starts_in_time = self.until is None or opened is None or opened < self.until
        return starts_in_time and (self.since is None or closed is None or closed > self.since)


def statistics(
    tables: Mapping[str, list[Row]], period: Period, today: date, sees_unpublished: Callable[[Row], bool]
) -> dict[str, Any]:
    """Return the roll-up of a place whose rows the tables are, in the words of the API."""
    platforms = [one for one in tables["platform"] if period.overlaps(one["opened_on"], one["closed_on"])]
    listed = [one for one in tables["topic"] if period.holds(one["listed_at"])]
    unpublished = [one for one in tables["topic"] if one["listed_at"] is None and sees_unpublished(one)]
    topics = listed + (unpublished if period.is_open else [])
    sessions = [one for one in tables["session"] if period.holds(one["held_at"])]
    commitments = [one for one in tables["commitment"] if period.holds(one["assigned_at"])]
    overdue = [one for one in commitments if one["due_on"] and one["due_on"] < today and one["status"] not in ENDED]
    days = [days_to_resolve(one) for one in listed if one["resolved_at"]]
    scores = [one["score"] for one in tables["follow_up"] if period.holds(one["at"])]
    states = Counter(one["status"] for one in topics)
    tiers = Counter(one["tier"] for one in platforms)
    return {
        "platforms": {"total": len(platforms), **{name: tiers[name.upper()] for name in ("general", "sub", "micro")}},
        "topics": {
            "total": len(topics),
            "key": sum(one["kind"] == "KEY" for one in topics),
            "micro": sum(one["kind"] == "MICRO" for one in topics),
            "byStatus": [{"status": value, "count": count} for value, count in by_size(states)],
            "byCategory": [
                {"category": value, "count": count} for value, count in by_size(one["category"] for one in topics)
            ],
        },
        "sessionsHeld": len(sessions),
        "attendances": sum(one["headcount"] or 0 for one in sessions),
        "attendancesAreLowerBound": any(map(is_uncertain, sessions)),
        "outcomes": sum(period.holds(one["reached_on"]) for one in tables["outcome"]),
        "commitments": {
            "total": len(commitments),
            "done": sum(one["status"] in DONE for one in commitments),
            "verified": sum(one["status"] == "VERIFIED" for one in commitments),
            "overdue": len(overdue),
        },
        "resolutionRate": states["RESOLVED"] / len(topics) if topics else None,
        "medianDaysToResolve": median(days) if days else None,
        "conversions": [
            {"kind": value, "count": count}
            for value, count in by_size(
                one["kind"] for one in tables["conversion"] if period.holds(one["submitted_on"])
            )
        ],
        "satisfaction": round(sum(scores) / len(scores), 9) if scores else None,
    }


def by_size(values: Iterable[str]) -> list[tuple[str, int]]:
    """Return values with how often each comes, the most frequent first."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
