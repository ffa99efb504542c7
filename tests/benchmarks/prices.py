"""Holds what requests of each kind are charged against what they take of PostgreSQL's time: `make bench-prices`.

Each time is what PostgreSQL's process ran for a read of nobody's, the least of some, less that for a read of nothing;
each price is that of the same request. It ends with 1 where a kind has, for its price, more than ten times the time of
the kind in the middle. The server has to be on this machine.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from deploy.local import login_url
from graph.operations import Operations
from graph.schema import build_schema
from services.core.actor import ANONYMOUS
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.limits import Limits
from services.migrations.grants import Login
from services.reads.parameters import Request
from services.reads.visibility import Sight
from tests.benchmarks.database import prepared

ROUNDS = 7
FACTOR = 10
"""How much dearer for its price than the kind in the middle a kind may be."""
SETTLED_S = 0.002
"""After an answer the process goes to rest; what it ran is known then."""
NOTHING = "SELECT ''"

PLACES = [{"within": f"1401{number:02d}"} for number in range(5, 10)] + [{"within": "140521"}, {"within": "140522"}]
FILTER = "query ($f: TopicFilter) { topics(filter: $f) { nodes { id } } }"
NEVER = {"from": "2100-01-01T00:00:00Z"}
THEN = '"2024-06-01T00:00:00Z"'
YEARS = '{from: "2019-01-01", until: "2024-01-01"}'
OVER_TIME = (
    'query {{ division(code: "{}") {{ statisticsOverTime(unit: MONTH, period: {}) {{ from statistics {{ {} }} }} }} }}'
)

KINDS: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "objects": [
        ("{ topics(first: 100) { nodes { id title status } } }", {}),
        ("{ platforms(first: 100) { nodes { id topics(first: 20) { nodes { id title } } } } }", {}),
        ('{ division(code: "14") { children { children { platforms(first: 50) { nodes { id } } } } } }', {}),
    ],
    "conditions": [
        (FILTER, {"f": {"proposed": NEVER}}),
        (FILTER, {"f": {"not": {"status": ["LISTED"], "kind": ["KEY"]}, "proposed": NEVER}}),
        ("query ($f: SessionFilter) { sessions(filter: $f) { nodes { id } } }", {"f": {"scheduled": NEVER}}),
        ('{ divisions(filter: {name: "无此地"}) { nodes { code } } }', {}),
        ('{ members(filter: {name: "无此人"}) { nodes { id } } }', {}),
        ("{ plans(filter: {status: [SUBMITTED]}, orderBy: {submittedAt: ASC}) { nodes { id } } }", {}),
    ],
    "lists of values": [(FILTER, {"f": {"status": ["WITHDRAWN"] * 1_000, "proposed": NEVER}})],
    "alternatives": [
        (FILTER, {"f": {"or": [{"status": ["WITHDRAWN"], "proposed": NEVER}] * 100}}),
        (FILTER, {"f": {"or": PLACES * 14, "proposed": NEVER}}),
    ],
    "counts": [
        ("{ topics { totalCount } }", {}),
        ("{ sessions { totalCount } }", {}),
        ("{ platforms(first: 100) { nodes { topics { totalCount } } } }", {}),
    ],
    "texts": [
        (FILTER, {"f": {"text": "供水"}}),
        ('{ search(text: "供水") { nodes { __typename } } }', {}),
        ('{ search(text: "小区 停车") { totalCount nodes { __typename } } }', {}),
    ],
    "orders": [
        ("{ topics(orderBy: {sessionCount: DESC}) { nodes { id } } }", {}),
        ("{ topics(orderBy: {proposedAt: DESC}) { nodes { id } } }", {}),
        ("{ sessions(orderBy: {scheduledAt: DESC}) { nodes { id } } }", {}),
        ("{ topics(orderBy: {listedAt: DESC}) { nodes { id } } }", {}),
        ("{ sessions(orderBy: {heldAt: DESC}) { nodes { id } } }", {}),
        ("{ commitments(orderBy: {assignedAt: DESC}) { nodes { id } } }", {}),
        ("{ members { nodes { id } } }", {}),
    ],
    "instants": [
        (f'{{ division(code: "140521", asOf: {THEN}) {{ name topics {{ nodes {{ id }} }} }} }}', {}),
        (f'{{ division(code: "14", asOf: {THEN}) {{ name topics {{ totalCount }} }} }}', {}),
        (f"{{ topics(asOf: {THEN}) {{ totalCount nodes {{ id }} }} }}", {}),
        (f"{{ commitments(asOf: {THEN}) {{ totalCount nodes {{ id }} }} }}", {}),
    ],
    "statistics": [
        ('{ division(code: "14") { statistics { topics { total } } } }', {}),
        (OVER_TIME.format("14", YEARS, "topics { total } sessionsHeld commitments { done }"), {}),
        (OVER_TIME.format("140106", YEARS, "topics { total byStatus { count } } medianDaysToResolve satisfaction"), {}),
        (OVER_TIME.format("140106001", YEARS, "topics { total } sessionsHeld commitments { done }"), {}),
        ("{ departments(first: 100) { nodes { statistics { assigned doneInTime } } } }", {}),
    ],
}


async def measure(url: str) -> bool:
    """Print a row for each request and kind; return whether no kind is too cheap."""
    db = await Database.open(
        login_url(url, Login.WRITE), read_url=login_url(url, Login.READ), read_connections=1, statement_timeout_s=60
    )
    operations = Operations(build_schema().core, Limits())
    process = int(await db.reads.read_json("SELECT pg_backend_pid()::text", []))
    nothing = await least_us(db, process, NOTHING, [])
    ratios: dict[str, float] = {}
    print(f"{'':18}{'price':>10}{'µs':>10}{'µs for one':>12}")
    for kind, requests in KINDS.items():
        for text, raw in requests:
            operation = operations.get(text, None)
            variables = operation.coerce(raw)
            price = operation.charge(variables)
            variables = operation.evened(variables)
            compiled = operation.statement(variables, Sight.of(ANONYMOUS))
            bindings = Request(variables, ANONYMOUS, SystemClock().now(), b"a key")
            took = await least_us(db, process, compiled.sql, compiled.arguments(bindings)) - nothing
            ratios[kind] = max(ratios.get(kind, 0.0), took / price)
            print(f"{kind:18}{price:10}{took:10.0f}{took / price:12.2f}  {text[:70]}")
    middle = median(ratios.values())
    print(f"\nA kind at its dearest takes for a price of one, in the middle, {middle:.2f} µs:")
    for kind, ratio in sorted(ratios.items(), key=lambda each: each[1]):
        print(f"{kind:18}{ratio:12.2f}{ratio / middle:10.1f} times")
    await db.close()
    return max(ratios.values()) <= FACTOR * middle


async def least_us(db: Database, process: int, sql: str, arguments: Sequence[object]) -> float:
    """Return the microseconds that the server's process ran for a read in the quickest of some rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = ran_us(process)
        await db.reads.read_json(sql, arguments)
        await asyncio.sleep(SETTLED_S)
        least = min(least, ran_us(process) - began)
    return least


def ran_us(process: int) -> float:
    """Return for how many microseconds a process has run, whatever else does; see sched-stats of Linux."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1000


def main() -> None:
    """Measure on the demonstration province."""
    parser = argparse.ArgumentParser(prog="make bench-prices", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the database stays for the next run")
    with prepared(1, parser.parse_args().keep, print) as database:
        if not asyncio.run(measure(database.url)):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
