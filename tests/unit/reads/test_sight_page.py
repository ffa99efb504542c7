"""docs/concepts.md tells who sees which rows as the declaration has it."""

from services.core.actor import SEES, SEES_DELIVERIES
from services.reads.policies import TABLES, Kept
from services.reads.sight import GENERATED, PAGE, RIGHTS, filled


def test_page_is_what_the_declaration_makes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(GENERATED.findall(page)) == 1
    assert filled(page) == page


def test_every_right_that_opens_rows_has_its_column() -> None:
    kept = [placed for placed in TABLES.values() if isinstance(placed, Kept)]
    assert {right for placed in kept for right in placed.shown} == set(RIGHTS)
    assert {*RIGHTS["staff"].split(", ")} == SEES
    assert {*RIGHTS["delivery"].split(", ")} == SEES_DELIVERIES
