from tests.faults.ledger import Verdict
from tests.faults.report import read, report, row, total


def test_table_has_a_line_for_each_schedule_and_one_for_all() -> None:
    clean = row("relay killed", 7, Verdict(1200, 2400, 2430, 30), {"killed": 3}, 12.4)
    bad = row("broker killed", 8, Verdict(10, 10, 9, 0, ["a"], ["b", "c"], ["d"]), {"killed": 1, "started": 1}, 3)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report([clean, bad]).splitlines()]
    assert lines[2] == ["relay killed", "7", "1,200", "2,400", "2,430", "1.2%", "0", "0", "0", "killed 3", "12"]
    assert lines[3][5:] == ["0.0%", "1", "2", "1", "killed 1, started 1", "3"]
    assert lines[4] == ["all 2", "", "1,210", "2,410", "2,439", "1.2%", "1", "2", "1", "in all 5", "15"]


def test_rows_go_through_a_test_report_unchanged() -> None:
    one = row("relay killed", 7, Verdict(1, 2, 3, 1), {"killed": 3}, 1.5)
    assert read(one.text()) == one
    assert total([one, one]).received == 6
