"""One line for each schedule, and one for all of them together."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.faults.ledger import Verdict
from tests.tables import table

MOST_DUPLICATES = 0.05
"""How many messages may be repeated for each that is not."""

PROPERTY = "schedule of faults"
"""Under what a test reports its row."""

HEAD = (
    "schedule", "seed", "events", "deliveries", "received", "duplicates", "lost", "unexpected", "out of order",
    "faults", "seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one schedule."""

    schedule: str
    seed: int
    events: int
    deliveries: int
    received: int
    duplicates: int
    lost: int
    unexpected: int
    out_of_order: int
    faults: Mapping[str, int]
    seconds: float

    def text(self) -> str:
        """Return the row as a test reports it."""
        return json.dumps(asdict(self))

    def cells(self) -> list[str]:
        """Return the row's cells under HEAD."""
        share = self.duplicates / max(self.received - self.duplicates, 1)
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        figures = (self.events, self.deliveries, self.received)
        wrong = (self.lost, self.unexpected, self.out_of_order)
        return [
            self.schedule,
            str(self.seed) if self.seed else "",
            *(f"{figure:,}" for figure in figures),
            f"{share:.1%}",
            *(str(figure) for figure in wrong),
            faults,
            f"{self.seconds:.0f}",
        ]


def row(schedule: str, seed: int, verdict: Verdict, faults: Mapping[str, int], seconds: float) -> Row:
    """Return the row of a schedule's verdict."""
    return Row(
        schedule=schedule,
        seed=seed,
        events=verdict.events,
        deliveries=verdict.deliveries,
        received=verdict.received,
        duplicates=verdict.duplicates,
        lost=len(verdict.lost),
        unexpected=len(verdict.unexpected),
        out_of_order=len(verdict.out_of_order),
        faults=dict(faults),
        seconds=seconds,
    )


def read(text: str) -> Row:
    """Return the row that a test reported."""
    return Row(**json.loads(text))


def total(rows: Sequence[Row]) -> Row:
    """Return all rows as one."""
    summed = {
        name: sum(getattr(one, name) for one in rows)
        for name in ("events", "deliveries", "received", "duplicates", "lost", "unexpected", "out_of_order")
    }
    faults = sum(sum(one.faults.values()) for one in rows)
    seconds = sum(one.seconds for one in rows)
    return Row(schedule=f"all {len(rows)}", seed=0, **summed, faults=Counter({"in all": faults}), seconds=seconds)


def report(rows: Sequence[Row]) -> str:
    """Return the table of all rows and their total."""
    return table(HEAD, [one.cells() for one in (*rows, total(rows))])
