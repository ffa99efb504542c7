"""Caches: bounded by entries and by bytes."""

from dataclasses import dataclass
from sys import getsizeof

from graph.recent import Recent, footprint


def test_least_recently_used_goes_first() -> None:
    kept: Recent[str, int] = Recent(2, 1_000, lambda _key, _value: 1)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1
    kept.keep("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    assert (kept.hits, kept.misses, kept.bytes, len(kept)) == (3, 1, 2, 2)


def test_bytes_are_bounded_and_counted() -> None:
    kept: Recent[int, int] = Recent(1_000, 100, lambda _key, value: value)
    for key in range(50):
        kept.keep(key, 20)
        assert kept.bytes <= 100
    assert len(kept) == 5
    assert kept.keep(100, 26) == 26
    assert kept.get(100) is None
    kept.keep(49, 5)
    assert (kept.bytes, len(kept)) == (85, 5)
    kept.keep(49, 99)
    assert (kept.bytes, len(kept), kept.get(49)) == (80, 4, None)


@dataclass(frozen=True, slots=True)
class Thing:
    text: str
    parts: tuple[object, ...]


def test_footprint_counts_what_a_value_holds_once() -> None:
    text = "x" * 1_000
    assert footprint(text) == getsizeof(text)
    inside = (text, text, None, True)
    thing = Thing(text, inside)
    assert footprint(thing) == getsizeof(thing) + getsizeof(text) + getsizeof(inside)
    assert footprint({"a": [text]}) > 1_000
