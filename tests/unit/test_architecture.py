"""docs/architecture.md names files that are there."""

import re
from pathlib import Path

PAGE = Path("docs/architecture.md")
NAMED = re.compile(r"`((?:services|graph|events|deploy|tests)(?:/[\w.-]+)*)`")


def test_files_that_the_page_names_are_there() -> None:
    named = set(NAMED.findall(PAGE.read_text()))
    assert len(named) > 30
    assert {path for path in named if not Path(path).exists()} == set()
