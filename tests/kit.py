"""Where the partner kit's Python package is, which tests take from its folder as departments do from its wheel."""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "partner-kit" / "python"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(FOLDER)}
"""Variables of a process that imports it."""
