"""Generated queries: the engine's one statement answers what a resolver for every field answers."""

from collections.abc import AsyncIterator, Callable, Iterator
from math import inf
from time import monotonic

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conftest import COMPARED, fresh_name, template
from tests.graph.oracle.bench import Bench
from tests.graph.oracle.documents import Case, cases
from tests.servers import create_database, drop_databases

CHUNKS = 24
RUNS = 9
EXAMPLES = 10
"""After ten examples hypothesis begins to copy parts of one into another, which here mostly repeats requests."""
LEAST = 5_000 // CHUNKS + 1
SHRINKING_S = 30.0


@pytest.fixture(scope="session")
async def small_province_url() -> AsyncIterator[str]:
    """The small province, to be read only."""
    name = fresh_name()
    yield await create_database(name, await template("trimmed"))
    await drop_databases(name)


@pytest.fixture(scope="session")
def bench(small_province_url: str) -> Iterator[Bench]:
    """Both sides over the small province."""
    opened = Bench.open(small_province_url)
    yield opened
    opened.close()


class Comparison:
    """What one test has compared. A case that failed is made smaller for a while, not as long as hypothesis would."""

    def __init__(self, bench: Bench, statements: list[str]) -> None:
        self._bench = bench
        self._statements = statements
        self._failed: dict[str, AssertionError] = {}
        self._until = inf
        self.compared = set[str]()
        self.with_data = 0
        self.with_refused_fields = 0

    def hold(self, case: Case) -> None:
        """Compare a case that is new."""
        name = repr(case)
        if name in self._failed:
            raise self._failed[name]
        if name in self.compared or monotonic() > self._until:
            return
        try:
            expected = self._bench.compare(case, self._statements)
            self.with_data += expected.data is not None
            self.with_refused_fields += expected.data is not None and expected.errors != ()
        except AssertionError as error:
            self._failed[name] = error
            self._until = min(self._until, monotonic() + SHRINKING_S)
            raise
        self.compared.add(name)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_answers_what_the_oracle_answers(
    bench: Bench, statements: list[str], record_property: Callable[[str, object], None], chunk: int
) -> None:
    comparison = Comparison(bench, statements)

    @settings(
        max_examples=EXAMPLES,
        database=None,  # a run depends on its seed alone
        deadline=None,  # a shared machine
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.too_slow,  # each example plans, executes and reads several times
            HealthCheck.data_too_large,  # a query is made of many choices
            HealthCheck.filter_too_much,  # too large ones are given up
        ],
    )
    @given(cases(bench.schema, bench.known))
    def compare(several: list[Case]) -> None:
        for case in several:
            comparison.hold(case)

    for run in range(RUNS):
        seed(chunk * RUNS + run)(compare)()
    record_property(COMPARED, len(comparison.compared))
    assert len(comparison.compared) >= LEAST
    assert comparison.with_data >= LEAST * 0.8
    assert comparison.with_refused_fields >= LEAST * 0.02
