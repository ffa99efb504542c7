"""Generated files say so in their first lines, with the command that makes them."""

import re
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATED = {
    "schema": ["graph/schema.graphql"],
    "release-schema": ["graph/released.graphql"],
    "contract": ["events/asyncapi.yaml", "events/asyncapi.html", "events/schemas/*"],
    "release-contract": ["events/released.json"],
    "explorer": ["graph/explorer/static/*"],
    "cases": ["tests/compiler/cases/*.sql"],  # what stands in the answers beside them is compared whole
    "lock": ["*.lock", "deploy/*.lock"],
}
"""The files that each target of the Makefile writes."""


@pytest.mark.parametrize("target", GENERATED)
def test_generated_file_names_the_command_that_makes_it(target: str) -> None:
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text())
    files = [path for pattern in GENERATED[target] for path in ROOT.glob(pattern)]
    assert len(files) >= len(GENERATED[target])
    assert [path.name for path in files if not re.search(rf"\bmake {target}\b(?!-)", first_lines(path))] == []


def first_lines(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return "".join(islice(file, 3))
