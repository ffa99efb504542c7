import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.errors import SearchTextEmpty, SearchTextTooLong
from services.search.folding import folded
from services.search.terms import excerpt, hits, query, vector, words

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)


def terms(title: str | None, text: str | None) -> dict[str, str]:
    return dict(term.removeprefix("'").split("':") for term in vector(title, text).split())


def test_words_and_the_words_within_them_weigh_more_than_mere_pairs() -> None:
    assert terms("小区停车难", None) == {
        "小区": "1A,1C",
        "停车": "3A,3C",
        "停车难": "3A",
        "区停": "2C",
        "车难": "4C",
        "难": "5C",
    }


def test_text_weighs_less_than_the_title_and_no_pair_spans_both() -> None:
    found = terms("停车", "停车")
    assert found == {"停车": "1A,1C,13B,13D", "车": "2C,14D"}


def test_other_letters_and_digits_are_one_term_a_run_in_small_letters() -> None:
    assert terms("5G基站, Wi-Fi", "٣ Été") == {
        "5g": "1A", "基站": "3A,3C", "站": "4C", "wi": "7A", "fi": "10A", "٣": "22B", "été": "24B",
    }  # fmt: skip


@given(HAN)
def test_every_pair_of_neighbours_is_a_term_and_every_character_begins_one(run: str) -> None:
    found = terms(None, run)
    same = folded(run)
    assert {same[at : at + 2] for at in range(len(same))} <= set(found)


@given(HAN)
def test_the_words_of_a_run_are_the_run_cut(run: str) -> None:
    found = words(run)
    assert all(word in folded(run) for word in found)
    assert set("".join(found)) == set(folded(run))


def test_query_wants_all_words_each_as_documents_may_have_it() -> None:
    assert query("停车") == "'停车'"
    assert query("车") == "'车':*"
    assert query("同推") == "'同推'"
    assert query("停车难 WiFi，停车难") == "('停车难' | '停车' <-> '车难') & 'wifi'"


def test_hits_are_the_longest_words_first_and_runs_of_letters_as_a_whole() -> None:
    assert re.findall(hits("车 停车难 5G"), "5G停车难，车；5GHz ５ｇ") == ["5G", "停车难", "车", "５ｇ"]
    found = re.search(excerpt("停车"), "一" * 20 + "停车" + "二" * 50)
    assert found is not None
    assert found.group() == "一" * 15 + "停车" + "二" * 45


@pytest.mark.parametrize("text", ["", " ", "，。！？—", "_%'\\", "\0", "😀"])
def test_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(SearchTextEmpty):
        words(text)


def test_text_that_is_too_long_is_refused_and_says_so() -> None:
    assert words("停" * 200)
    with pytest.raises(SearchTextTooLong) as refusal:
        words("停" * 201)
    assert refusal.value.parameters == {"length": 201, "most": 200}


def test_letters_that_change_their_length_in_small_letters_are_taken() -> None:
    assert words("İstanbul Straße") == ["i\u0307stanbul", "strasse"]


SAME = [
    ("１２３４５热线", "12345热线"),
    ("cafe\u0301", "caf\u00e9"),
    ("CAFÉ", "café"),
    ("議事廳", "议事厅"),
    ("頭髮發展", "头发发展"),
    ("议\u200b事\ufe0f\u00ad厅", "议事厅"),
    ("\uf9dc", "隆"),
    ("Ｗｉ-Ｆｉ", "wi-fi"),
    ("𝟓𝓖", "5g"),
    ("Ⅷ ﬁ", "viii fi"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_a_reader_takes_for_the_same_has_the_same_terms(one: str, other: str) -> None:
    assert vector(one, None) == vector(other, None)
    assert query(one) == query(other)


@pytest.mark.parametrize(("one", "other"), [both for both in SAME if "Ⅷ" not in both[0]])
def test_a_word_is_marked_in_whatever_form_it_stands(one: str, other: str) -> None:
    for sought, text in ((one, other), (other, one), (one, one), (other, other)):
        marked = re.sub(hits(sought), "", f"甲 {text} 乙")
        assert marked.strip("甲乙 -") == ""


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
