"""Who sees which rows, as docs/concepts.md tells it. Run by `make sight`, it makes that part of the page anew."""

import re
from pathlib import Path
from textwrap import fill

from services.core.actor import SEES, SEES_DELIVERIES, Role
from services.reads.policies import TABLES, Kept

WIDTH = 120
PAGE = Path(__file__).parents[2] / "docs" / "concepts.md"
GENERATED = re.compile(r"(<!-- sight, by `make sight` -->\n).*?(\n<!-- end -->)", re.DOTALL)
RIGHTS = {
    "everybody": "everybody",
    "staff": ", ".join(role for role in Role if role in SEES),
    "delivery": ", ".join(role for role in Role if role in SEES_DELIVERIES),
    "department": Role.DEPARTMENT.value,
    "own": "(signed in)",
    "member": Role.MEMBER.value,
}
"""The kinds of rights, and who has them."""


def sight() -> str:
    """Return the table of those tables that keep rows back, and the names of the others."""
    kept = {name: placed.shown for name, placed in TABLES.items() if isinstance(placed, Kept)}
    rows = [(f"`{name}`", *(shown.get(right, "—") for right in RIGHTS)) for name, shown in kept.items() if shown]
    lines = [("rows of", *RIGHTS.values()), *rows]
    written = [f"| {' | '.join(line)} |" for line in lines]
    nobody = ", ".join(f"`{name}`" for name, shown in kept.items() if not shown)
    public = ", ".join(f"`{name}`" for name in TABLES if name not in kept)
    return "\n".join((
        written[0], "|---" * len(lines[0]) + "|", *written[1:], "",
        fill(f"The service alone reads, or nobody: {nobody}.", WIDTH, break_on_hyphens=False), "",
        fill(f"Everybody sees the rows of {public}.", WIDTH, break_on_hyphens=False),
    ))  # fmt: skip


def filled(page: str) -> str:
    """Return the page with that part made anew."""
    return GENERATED.sub(lambda found: found[1] + sight() + found[2], page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
