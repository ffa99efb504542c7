"""`make privacy`: what of docs/privacy.md is made from the inventory."""

from pathlib import Path

from services.privacy.page import filled

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"

PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
