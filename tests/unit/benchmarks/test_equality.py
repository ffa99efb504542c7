from typing import Any

import pytest

from tests.benchmarks.equality import comparable, first_difference


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-30T01:00:00.500000+00:00", "2026-11-30T01:00:00.5Z"),
        ("2026-11-30T01:00:00.000000+00:00", "2026-11-30T01:00:00Z"),
        ("2026-11-30T01:00:00Z", "2026-11-30T01:00:00Z"),
        ("2026-11-30T01:00:00+08:00", "2026-11-30T01:00:00+08:00"),
        ("10.500000", "10.500000"),
    ],
)
def test_comparable_writes_instants_alike(written: str, expected: str) -> None:
    assert comparable({"at": [written]}) == {"at": [expected]}


@pytest.mark.parametrize(
    ("left", "right", "difference"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, None),
        ({"a": [1, 2]}, {"a": [2, 1]}, ".a[0]: 1 and 2"),
        ({"a": [1]}, {"a": [1, 2]}, ".a: 1 and 2 items"),
        ({"a": 1}, {"b": 1}, ": ['a'] and ['b']"),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, ".a[0].b: 'x' and 'y'"),
    ],
)
def test_first_difference_names_the_place(left: Any, right: Any, difference: str | None) -> None:
    assert first_difference(left, right) == difference
