from dataclasses import replace

from tests.benchmarks.figures import Figures, Run, Spread

RUN = Run("service", "Q2", 8, 1, per_second=1200.0, p50_us=800.0, process_us=70.0, database_us=50.0)


def test_ratio_pairs_runs_of_the_same_round() -> None:
    runs = [
        replace(RUN, round=1, per_second=100.0),
        replace(RUN, round=2, per_second=300.0),
        replace(RUN, round=3, per_second=90.0),
        replace(RUN, contender="limit", round=1, per_second=200.0),
        replace(RUN, contender="limit", round=2, per_second=100.0),
        replace(RUN, contender="limit", round=3, per_second=90.0),
        replace(RUN, contender="limit", round=4, per_second=1.0),
    ]
    assert Figures(runs).ratio("service", "limit", "Q2", 8) == Spread(1.0, 0.5, 3.0)


def test_ratio_without_pairs_is_none() -> None:
    assert Figures([RUN]).ratio("service", "limit", "Q2", 8) is None
    assert Figures([RUN, replace(RUN, contender="limit", connections=1)]).ratio("service", "limit", "Q2", 8) is None


def test_best_is_the_highest_median_not_the_highest_run() -> None:
    steady = [replace(RUN, contender="steady", round=number, per_second=200.0) for number in (1, 2, 3)]
    rates = (150.0, 150.0, 900.0)
    jumpy = [replace(RUN, contender="jumpy", round=number, per_second=rate) for number, rate in enumerate(rates, 1)]
    figures = Figures([*steady, *jumpy])
    assert figures.best(["steady", "jumpy", "absent"], "Q2", 8) == "steady"
    assert figures.best(["absent"], "Q2", 8) is None


def test_spread_of_an_even_number_of_values() -> None:
    assert Spread.of([4.0, 1.0, 3.0, 2.0]) == Spread(2.5, 1.0, 4.0)
    assert Spread.of([]) is None
