"""`make codes`: the table of codes in docs/api.md."""

from pathlib import Path

import graph.schema  # noqa: F401 -- what it loads has all kinds of refusals
from graph.codes import filled

PAGE = Path(__file__).parents[1] / "docs" / "api.md"

if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
