"""Documents as text: JSON, and YAML in block style."""

import json
import re
from collections.abc import Iterator
from typing import Any

PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")
UNPRINTABLE = re.compile("[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
"""Characters that JSON takes as they are, and YAML does not."""
RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that some version of YAML takes for something else than a text."""


def json_text(value: Any) -> str:  # noqa: ANN401 -- a JSON value
    """Return a JSON value as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def yaml_text(value: dict[str, Any]) -> str:
    """Return a JSON object as YAML."""
    return "".join(f"{line}\n" for line in block(value))


def block(value: Any) -> Iterator[str]:  # noqa: ANN401 -- a JSON value
    """Yield the lines of a value that is no scalar."""
    for key, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        mark = "-" if key is None else f"{scalar(key)}:"
        if not isinstance(item, dict | list) or not item:
            yield f"{mark} {scalar(item)}"
        elif key is None:
            first, *rest = block(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield mark
            yield from (f"  {line}" for line in block(item))


def scalar(value: Any) -> str:  # noqa: ANN401 -- a JSON value
    """Return a value on one line: a word as it stands, all else as JSON, which YAML takes."""
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in RESERVED:
        return str(value)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
