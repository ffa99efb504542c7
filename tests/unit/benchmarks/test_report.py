from pathlib import Path

import pytest

from tests.benchmarks import report
from tests.benchmarks.figures import Spread
from tests.benchmarks.questions import QUESTIONS
from tests.tables import table


def test_table_lines_its_columns_up() -> None:
    assert table(["", "a"], [["Q1", "1,000"]]) == "|    | a     |\n|----|-------|\n| Q1 | 1,000 |"


def test_spread_text_keeps_the_digits_that_count() -> None:
    assert report.spread_text(Spread(1234.5, 12.34, 0.987)) == "1,234 (12.3–0.99)"
    assert report.spread_text(None) == "–"


def test_write_replaces_one_section_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "performance.md"
    begin, end = "<!-- comparison: written by make bench -->", "<!-- end of comparison -->"
    page.write_text(f"before\n{begin}\n\nold\n\n{end}\nafter\n")
    monkeypatch.setattr(report, "PAGE", page)
    report.write("comparison", "new\n")
    assert page.read_text() == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"
    with pytest.raises(ValueError, match="no section growth"):
        report.write("growth", "new")


def test_the_page_has_both_sections() -> None:
    text = report.PAGE.read_text()
    assert [text.count(f"<!-- {name}: written by make bench -->") for name in ("comparison", "growth")] == [1, 1]


def test_questions_have_targets_at_every_measured_number_of_connections() -> None:
    assert [question.name for question in QUESTIONS] == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    for question in QUESTIONS:
        assert set(question.target.against_limit) == set(question.target.against_best_peer) == {1, 8, 32}
