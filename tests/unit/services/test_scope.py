import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import InvalidInput
from services.core.scope import county_code, division_code, subtree

CODES = st.sampled_from((2, 4, 6, 9, 12)).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))


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


@given(CODES.filter(lambda code: not code.endswith("00")))
def test_division_code_gives_the_code_back(code: str) -> None:
    assert division_code(subtree(code).lower) == code


def test_county_code_is_the_county_of_what_lies_in_it() -> None:
    assert county_code(140106005010) == "140106"
