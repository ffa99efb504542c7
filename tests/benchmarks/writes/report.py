"""The figures of verbs as tables, on the terminal and in docs/performance.md."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from tests.benchmarks.contenders import Contender
from tests.benchmarks.figures import Figures
from tests.benchmarks.report import NONE, number, spread_text
from tests.benchmarks.writes.contenders import LIMIT, SERVICE, TEAM
from tests.benchmarks.writes.measure import COMPARED, Setting, question_of
from tests.benchmarks.writes.rows import Rows
from tests.tables import table

Cell: TypeAlias = Callable[[str, str], str]
"""Makes a cell of what is measured and a contender's name."""

TARGETS = {"limit": 0.6, "team": 4.0, "peer": 1.0}
"""The least ratios of verbs per second that the project asks of itself."""


class Measurable(Protocol):
    """What has lines in the tables."""

    @property
    def name(self) -> str:
        """Its short name."""

    @property
    def title(self) -> str:
        """What it does."""


class Report:
    """The tables of one benchmark."""

    def __init__(
        self,
        figures: Figures,
        verbs: Sequence[Measurable],
        contenders: Sequence[Contender],
        settings: Sequence[Setting],
        connections: Sequence[int],
        rows: Mapping[str, Rows],
    ) -> None:
        self._figures = figures
        self._verbs = verbs
        self._contenders = contenders
        self._settings = settings
        self._connections = connections
        self._rows = rows

    def text(self) -> str:
        """Return all tables with their captions."""
        each = " / ".join(str(count) for count in self._connections)
        parts = ["The verbs, and the rows that one task writes or changes:", self._asked()]
        for one in self._settings:
            parts += [
                f"**{one.title[0].upper()}{one.title[1:]}.** Verbs per second, medians, at {each} connections:",
                self._by_contender(one, lambda question, name: self._each(name, question, "per_second")),
                "This service's verbs per second over the limit's (at least {limit:g} is wanted), over the team's on "
                "Strawberry ({team:g}), over the best peer's ({peer:g}):".format(**TARGETS),
                self._ratios(one),
                f"Milliseconds, p50 (p99), at {each} connections:",
                self._by_contender(one, self._latencies),
                f"Processor time for a verb in µs, the contender's / PostgreSQL's, at {self._middle} connections:",
                self._by_contender(one, self._processor),
            ]
        return "\n\n".join(parts) + "\n"

    @property
    def _middle(self) -> int:
        return self._connections[len(self._connections) // 2]

    def _asked(self) -> str:
        lines = []
        for verb in self._verbs:
            tables = {name: round(len(found) / COMPARED, 1) for name, found in self._rows[verb.name].items()}
            told = ", ".join(f"{name} {count:g}" for name, count in sorted(tables.items()))
            lines.append([verb.name, verb.title, told])
        return table(["", "does", "rows"], lines)

    def _by_contender(self, setting: Setting, cell: Cell) -> str:
        lines = []
        for verb in self._verbs:
            question = question_of(verb.name, setting.name)
            lines.append([verb.name, *(cell(question, one.name) for one in self._contenders)])
        return table(["", *(one.title for one in self._contenders)], lines)

    def _each(self, contender: str, question: str, attribute: str, divisor: float = 1) -> str:
        spreads = [self._figures.spread(contender, question, count, attribute) for count in self._connections]
        return " / ".join(number(spread.median / divisor if spread else None) for spread in spreads)

    def _latencies(self, question: str, contender: str) -> str:
        cells = []
        for count in self._connections:
            spreads = [self._figures.spread(contender, question, count, name) for name in ("p50_us", "p99_us")]
            half, most = (number(spread.median / 1000 if spread else None) for spread in spreads)
            cells.append(f"{half} ({most})")
        return " / ".join(cells)

    def _processor(self, question: str, contender: str) -> str:
        spreads = [
            self._figures.spread(contender, question, self._middle, name) for name in ("process_us", "database_us")
        ]
        return " / ".join(f"{spread.median:,.0f}" if spread else NONE for spread in spreads)

    def _ratios(self, setting: Setting) -> str:
        lines = []
        for verb in self._verbs:
            question = question_of(verb.name, setting.name)
            lines.append([verb.name, *(self._ratio(question, count) for count in self._connections)])
        return table(["", *(f"{count} connections" for count in self._connections)], lines)

    def _ratio(self, question: str, count: int) -> str:
        peers = [one.name for one in self._contenders if one.peer and one.name != TEAM.name]
        best = self._figures.best(peers, question, count)
        cells = []
        for name in (LIMIT.name, TEAM.name, best):
            spread = self._figures.ratio(SERVICE.name, name, question, count) if name else None
            cells.append(spread_text(spread))
        return f"{' / '.join(cells)} {best or ''}".strip()
