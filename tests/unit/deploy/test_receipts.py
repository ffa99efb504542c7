import pytest

from deploy.receipts import require_event_types
from services.core.settings import Settings
from services.core.variables import WrongVariables


@pytest.mark.parametrize("hours", [{}, {"*": 96}, {"topic.listed": 48, "commitment.due": 24}])
def test_types_that_departments_are_reminded_of_have_hours(hours: dict[str, int]) -> None:
    require_event_types(Settings(receipt_hours=hours))


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("topic.lsited", "right is topic.listed."),
        ("topic.schedule", "right is topic.scheduled."),
        ("notice.reminder", "right is "),
        ("x", r"right is .*commitment\.due, .*topic\.resolved.* or \*\."),
    ],
)
def test_other_types_are_refused(name: str, right: str) -> None:
    with pytest.raises(WrongVariables, match=rf"SHANGLIANG_RECEIPT_HOURS has hours for '{name}'.* {right}"):
        require_event_types(Settings(receipt_hours={"*": 96, name: 24}))
