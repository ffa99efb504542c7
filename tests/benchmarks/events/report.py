"""The figures of a run as tables."""

from collections.abc import Sequence

from tests.benchmarks.events.draining import Draining
from tests.benchmarks.events.latency import PER_SECOND, Latency
from tests.benchmarks.events.throughput import Throughput
from tests.benchmarks.report import number, spread_text
from tests.tables import table

P50_MS, P99_MS = 15.0, 100.0
SLOWER = 2.0
"""How many times slower the last tenth of a large backlog may be than the first."""


def throughput(found: Sequence[Throughput]) -> str:
    """Return the table of draining beside raw publishing."""
    head = ["backlog", "relay, notices/s", "raw, messages/s", "relay / raw", "target", "relay, µs each", "raw, µs each"]
    rows = [
        [
            one.shape.title,
            spread_text(one.of("relay")),
            spread_text(one.of("raw")),
            spread_text(one.ratio),
            f"at least {one.shape.target}" if one.shape.target else "none",
            number(one.of("relay_us").median),
            number(one.of("raw_us").median),
        ]
        for one in found
    ]
    return table(head, rows)


def latency(found: Latency) -> str:
    """Return the table of latencies."""
    head = ["from commit to inbox", "ms", "target"]
    rows = [
        ["p50", number(found.p50), f"below {P50_MS:g}"],
        ["p99", number(found.p99), f"below {P99_MS:g}"],
        ["worst", number(found.worst), "none"],
    ]
    return (
        f"{found.events:,} events, {number(found.per_second)} a second (asked for: {PER_SECOND}); "
        f"{number(found.relay_us)} µs of the relay's processor time for each:\n\n{table(head, rows)}"
    )


def draining(found: Draining) -> str:
    """Return the table of a large backlog's tenths."""
    head = ["tenth", "notices/s", "claim p50, ms", "claim p95, ms"]
    rows = [
        [str(place), number(one.per_second), number(one.p50), number(one.p95)]
        for place, one in enumerate(found.tenths, 1)
    ]
    first, last = found.tenths[0], found.tenths[-1]
    times = [first.per_second / last.per_second, last.p50 / first.p50, last.p95 / first.p95]
    slower = "notices {}, claims {} (p50) and {} (p95)".format(*(f"{each:.2f}" for each in times))
    return (
        f"{found.count:,} notices in 1,000 lanes, {number(found.relay_us)} µs of the relay's processor time for each:"
        f"\n\n{table(head, rows)}\n\nThe last tenth took so many times as long as the first: {slower}; "
        f"target: at most {SLOWER:g}."
    )
