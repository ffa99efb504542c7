"""Arithmetic over runs: medians with their spread, ratios pair by pair of the same round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """What one contender did with one question on some connections in one round."""

    contender: str
    question: str
    connections: int
    round: int
    per_second: float
    p50_us: float
    process_us: float
    """Processor time of the contender for each request."""
    database_us: float
    """Processor time of PostgreSQL for each request."""

    @property
    def processor_us(self) -> float:
        """Processor time of both for each request."""
        return self.process_us + self.database_us


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread | None":
        """Return the spread of some values; None of none."""
        found = sorted(values)
        return cls(median(found), found[0], found[-1]) if found else None


class Figures:
    """The runs of a benchmark, to be asked about."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs

    def spread(self, contender: str, question: str, connections: int, attribute: str) -> Spread | None:
        """Return a contender's figure over the rounds; None where it did not run."""
        return Spread.of(getattr(run, attribute) for run in self._of(contender, question, connections).values())

    def ratio(
        self, one: str, other: str, question: str, connections: int, attribute: str = "per_second"
    ) -> Spread | None:
        """Return a figure of one contender over that of another, round by round."""
        left, right = self._of(one, question, connections), self._of(other, question, connections)
        pairs = [
            (getattr(left[number], attribute), getattr(right[number], attribute))
            for number in left.keys() & right.keys()
        ]
        return Spread.of(mine / theirs for mine, theirs in pairs if theirs > 0)

    def best(self, contenders: Iterable[str], question: str, connections: int) -> str | None:
        """Return which contender has the highest median of requests per second."""
        medians = {
            name: spread.median
            for name in contenders
            if (spread := self.spread(name, question, connections, "per_second")) is not None
        }
        return max(medians, key=lambda name: medians[name]) if medians else None

    def _of(self, contender: str, question: str, connections: int) -> dict[int, Run]:
        return {
            run.round: run
            for run in self.runs
            if (run.contender, run.question, run.connections) == (contender, question, connections)
        }
