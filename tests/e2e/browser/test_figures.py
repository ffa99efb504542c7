"""What a browser loads before it shows the hall."""

from pathlib import Path

import pytest

from tests.browser import chromium
from tests.e2e.browser.figures import blocked, visit, worst_shift
from tests.e2e.browser.stage import DESK, TELEPHONE
from tests.serving import serving

MOST_BYTES = 250_000
KINDS = ("Document", "Script", "Stylesheet")
WHEN_SEEN = "echarts-"
"""What the name of the file begins with that is loaded when a chart or the map is seen."""


@pytest.mark.parametrize("width", [TELEPHONE, DESK])
async def test_the_first_view_is_less_than_250_kilobytes(seeded_url: str, tmp_path: Path, width: int) -> None:
    async with chromium() as browser, serving(seeded_url, tmp_path / "signing.pem") as service:
        view = await visit(browser, service.address, width)
    files = [
        (path, size)
        for kind, path, size in view.traffic.files
        if kind in KINDS and not Path(path).name.startswith(WHEN_SEEN)
    ]
    assert "/" in dict(files)
    assert {Path(path).suffix for path, _ in files} == {"", ".js", ".css"}
    assert all(size > 0 for _, size in files)
    assert sum(size for _, size in files) < MOST_BYTES


def test_long_tasks_count_since_the_first_paint_beyond_50_ms() -> None:
    assert blocked([(0, 200), (180, 100), (400, 60), (500, 51)], since=100) == 50 + 50 + 10 + 1


def test_the_worst_burst_of_shifts_counts() -> None:
    assert worst_shift([]) == 0
    assert worst_shift([(0, 0.25), (900, 0.25), (2_000, 0.125)]) == 0.5
    assert worst_shift([(0, 0.125), *((at, 0.125) for at in range(900, 9_000, 900))]) == 0.75
