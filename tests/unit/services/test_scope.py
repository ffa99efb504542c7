import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import InvalidInput
from services.core.scope import Scope, county_code, division_code, is_shortest_code, shortest_code, subtree

GROUPS = (2, 2, 2, 3, 3)
"""How many digits each level adds."""
CODES = (
    st.integers(1, 5)
    .flatmap(
        lambda levels: st.tuples(
            *(st.integers(1, 10**size - 1).map(f"{{:0{size}d}}".format) for size in GROUPS[:levels])
        )
    )
    .map("".join)
)
PADDED = st.sampled_from((2, 4, 6, 9, 12))


@pytest.mark.parametrize(
    ("code", "lower", "upper"),
    [
        ("14", 140000000000, 150000000000),
        ("1401", 140100000000, 140200000000),
        ("140106", 140106000000, 140107000000),
        ("140106005", 140106005000, 140106006000),
        ("140106005010", 140106005010, 140106005011),
    ],
)
def test_subtree_is_the_range_to_the_successor(code: str, lower: int, upper: int) -> None:
    assert (subtree(code).lower, subtree(code).upper) == (lower, upper)


@pytest.mark.parametrize("text", ["", "1", "140", "14010", "abc", "1401060050101", "１４", " 14", "14\n"])
def test_subtree_refuses_what_is_no_code(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a division code"):
        subtree(text)


@given(CODES, CODES)
def test_subtrees_nest_or_are_apart(one: str, other: str) -> None:
    a, b = subtree(one), subtree(other)
    nested = one.startswith(other) or other.startswith(one)
    apart = a.upper <= b.lower or b.upper <= a.lower
    assert nested != apart


@given(CODES, PADDED)
def test_a_code_means_the_same_padded(code: str, digits: int) -> None:
    padded = code.ljust(digits, "0")
    assert subtree(padded) == subtree(code)
    assert division_code(subtree(padded).lower) == shortest_code(padded) == code
    assert is_shortest_code(padded) == (padded == code)


@pytest.mark.parametrize("padded", ["140521000", "140521000000"])
def test_a_padded_code_is_its_county(padded: str) -> None:
    assert subtree(padded) == subtree("140521") == Scope(140521000000, 140522000000)


@pytest.mark.parametrize("text", ["", "140", "１４", "14\n"])
def test_what_is_no_code_is_none_at_its_shortest(text: str) -> None:
    assert not is_shortest_code(text)
    with pytest.raises(InvalidInput, match="is not a division code"):
        shortest_code(text)


def test_county_code_is_the_county_of_what_lies_in_it() -> None:
    assert county_code(140106005010) == "140106"
