"""Counts made row by row in Python, for what the database sums up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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
ENDED = {*DONE, "DECLINED"}


async def rows_of(connection: Connection) -> dict[str, list[Row]]:
    """Return every row of the tables that are counted."""
    return {table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")] for table in TABLES}


def is_uncertain(session: Row) -> bool:
    """Tell whether nobody knows how many came."""
    return session["headcount"] is None or bool(session["headcount_is_lower_bound"])


def tallies(tables: Mapping[str, list[Row]]) -> dict[tuple[int, int], dict[str, int]]:
    """Return the counters of each county and year, those that are zero left out."""
    found: dict[tuple[int, int], Counter[str]] = {}

    def count(row: Row, day: date, names: Mapping[str, int]) -> None:
        found.setdefault((county_of(row), day.year), Counter()).update(names)

    for topic in tables["topic"]:
        if topic["listed_at"] is not None:
            columns = {"topics": topic["kind"], "status": topic["status"], "category": topic["category"]}
            named = [f"{name}_{value.lower()}" for name, value in columns.items()]
            count(topic, china_day(topic["listed_at"]), dict.fromkeys(named, 1))
    for session in tables["session"]:
        if session["held_at"] is not None:
            came = {"attendances": session["headcount"] or 0, "sessions_uncertain": int(is_uncertain(session))}
            count(session, china_day(session["held_at"]), {"sessions_held": 1, **came})
    for outcome in tables["outcome"]:
        count(outcome, outcome["reached_on"], {"outcomes": 1})
    for commitment in tables["commitment"]:
        done, verified = commitment["status"] in DONE, commitment["status"] == "VERIFIED"
        names = {"commitments": 1, "commitments_done": int(done), "commitments_verified": int(verified)}
        count(commitment, china_day(commitment["assigned_at"]), names)
    return {key: kept for key, counter in found.items() if (kept := {n: c for n, c in counter.items() if c})}


def county_of(row: Row) -> int:
    """Return the county of a row, as a division number."""
    return int(str(row["division_number"])[:6].ljust(12, "0"))


def conversion_tallies(conversions: Iterable[Row]) -> dict[tuple[int, int, str], int]:
    """Return how many conversions of a kind each county and year has."""
    return dict(Counter((county_of(row), row["submitted_on"].year, row["kind"]) for row in conversions))


def satisfaction_tallies(follow_ups: Iterable[Row]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return how many follow-ups each county and year has, and the sum of their scores."""
    scores: dict[tuple[int, int], list[int]] = {}
    for row in follow_ups:
        scores.setdefault((county_of(row), china_day(row["at"]).year), []).append(row["score"])
    return {key: (len(given), sum(given)) for key, given in scores.items()}


def days_to_resolve(topic: Row) -> int:
    """Return the days from a topic's listing to its resolution."""
    return (china_day(topic["resolved_at"]) - china_day(topic["listed_at"])).days


def resolution_tallies(topics: Iterable[Row]) -> dict[tuple[int, int, int], int]:
    """Return how many topics took how many days, for each province, city and county, and year."""
    return dict(
        Counter(
            (place, china_day(topic["listed_at"]).year, days_to_resolve(topic))
            for topic in topics
            if topic["resolved_at"] is not None
            for place in {int(str(topic["division_number"])[:length].ljust(12, "0")) for length in (2, 4, 6)}
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
