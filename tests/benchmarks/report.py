"""The figures as tables, on the terminal and in docs/performance.md."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.contenders import LIMIT, SERVICE, Contender
from tests.benchmarks.figures import Figures, Spread
from tests.benchmarks.questions import Question
from tests.tables import table

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "performance.md"
NONE = "–"


def number(value: float | None) -> str:
    """Return a figure with the digits that it deserves."""
    if value is None:
        return NONE
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread_text(spread: Spread | None) -> str:
    """Return a median and, in brackets, the least and the most."""
    if spread is None:
        return NONE
    return f"{number(spread.median)} ({number(spread.least)}–{number(spread.most)})"


class Report:
    """The tables of one benchmark."""

    def __init__(
        self,
        figures: Figures,
        questions: Sequence[Question],
        contenders: Sequence[Contender],
        connections: Sequence[int],
        sizes: Mapping[str, Mapping[str, int]],
    ) -> None:
        self._figures = figures
        self._questions = questions
        self._contenders = contenders
        self._connections = connections
        self._sizes = sizes

    def text(self) -> str:
        """Return all tables with their captions."""
        each = " / ".join(str(count) for count in self._connections)
        parts = [
            "The questions, and the size of this schema's answer:",
            self._asked(),
            f"Requests per second, medians, at {each} connections:",
            self._by_contender("per_second"),
            "This service against the limit (for Q5: the hand-written aggregate over the rows), requests per second:",
            self._ratios(lambda _question, _count: LIMIT.name, "against_limit"),
            "This service against the best peer, requests per second:",
            self._ratios(self._best_peer, "against_best_peer"),
            f"Processor time for a request in µs, the contender's process / PostgreSQL, at {self._middle} connections:",
            self._processor(),
        ]
        return "\n\n".join(parts) + "\n"

    @property
    def _middle(self) -> int:
        return self._connections[len(self._connections) // 2]

    def _asked(self) -> str:
        rows = []
        for question in self._questions:
            size = next(iter(self._sizes[question.name].values()))
            rows.append([question.name, question.title, f"{size:,} bytes"])
        return table(["", "asks for", "answer"], rows)

    def _by_contender(self, attribute: str) -> str:
        rows = []
        for question in self._questions:
            cells = []
            for contender in self._contenders:
                spreads = [
                    self._figures.spread(contender.name, question.name, count, attribute) for count in self._connections
                ]
                cells.append(" / ".join(number(spread.median if spread else None) for spread in spreads))
            rows.append([question.name, *cells])
        return table(["", *(contender.title for contender in self._contenders)], rows)

    def _best_peer(self, question: Question, connections: int) -> str | None:
        peers = [contender.name for contender in self._contenders if contender.peer]
        return self._figures.best(peers, question.name, connections)

    def _ratios(self, other: Callable[[Question, int], str | None], target: str) -> str:
        rows = []
        for question in self._questions:
            cells = []
            for count in self._connections:
                name = other(question, count)
                spread = self._figures.ratio(SERVICE.name, name, question.name, count) if name else None
                wanted = getattr(question.target, target).get(count)
                against = f" {name}" if spread and target == "against_best_peer" else ""
                cells.append(f"{spread_text(spread)}{against}, target {wanted}" if wanted else spread_text(spread))
            rows.append([question.name, *cells])
        return table(["", *(f"{count} connections" for count in self._connections)], rows)

    def _processor(self) -> str:
        rows = []
        for question in self._questions:
            used = {contender.name: self._used(contender.name, question) for contender in self._contenders}
            mine, least = used.get(SERVICE.name), used.get(LIMIT.name)
            over = f"{sum(mine) / sum(least):.2f}" if mine and least else NONE
            cells = [" / ".join(f"{part:,.0f}" for part in parts) if parts else NONE for parts in used.values()]
            rows.append([question.name, *cells, over])
        return table(["", *(contender.title for contender in self._contenders), "this service / limit"], rows)

    def _used(self, contender: str, question: Question) -> tuple[float, float] | None:
        """Return the medians of the process's and of PostgreSQL's processor time; None where there is no run."""
        process = self._figures.spread(contender, question.name, self._middle, "process_us")
        database = self._figures.spread(contender, question.name, self._middle, "database_us")
        return (process.median, database.median) if process and database else None


def write(section: str, text: str, *, by: str = "bench") -> None:
    """The page has the text between its section's markers, which name the target; the rest of the page stays."""
    begin, end = f"<!-- {section}: written by make {by} -->", f"<!-- end of {section} -->"
    page = PAGE.read_text()
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    if not rest or end not in rest:
        raise ValueError(f"{PAGE} has no section {section}")
    PAGE.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}")
