"""docs/architecture.md and SECURITY.md name files that are there."""

import re
from pathlib import Path

import pytest

NAMED = re.compile(r"`((?:services|graph|events|deploy|tests)(?:/[\w.-]+)*)`")


@pytest.mark.parametrize("page", ["docs/architecture.md", "SECURITY.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    named = set(NAMED.findall(Path(page).read_text()))
    assert len(named) > 30
    assert {path for path in named if not Path(path).exists()} == set()
