"""The inventory as docs/privacy.md tells it."""

import re
from collections.abc import Mapping
from textwrap import fill

from services.privacy.inventory import INVENTORY, OTHERS

WIDTH = 120
GENERATED = re.compile(r"(<!-- (\w+), by `make privacy` -->\n).*?(\n<!-- end -->)", re.DOTALL)


def inventory_table() -> str:
    """Return the table of what is kept of people."""
    rows = [(f"`{name}`", *field[:3], field.erased.value) for name, field in INVENTORY.items()]
    head = ("field", "what it is and what for", "who sees it", "kept", "erased for the person")
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" if line[0] != "---" else f"|{'|'.join(line)}|" for line in lines)


def other_texts() -> str:
    """Return the names of all other columns of text."""
    return fill(", ".join(f"`{name}`" for name in sorted(OTHERS)) + ".", WIDTH, break_on_hyphens=False)


def filled(page: str) -> str:
    """Return the page with what is made from the inventory made anew."""
    parts: Mapping[str, str] = {"inventory": inventory_table(), "others": other_texts()}
    return GENERATED.sub(lambda found: found[1] + parts[found[2]] + found[3], page)
