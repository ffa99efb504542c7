from collections.abc import Mapping
from typing import Any

from graph.language import language
from graph.limits.messages import MESSAGES
from services.core.limits import Limits
from services.core.security import SecurityEvent, count_error, note

LARGEST = 2**53 - 1
"""The largest value that is reported: JSON readers hold no larger integer exactly."""


def excesses(limits: Limits, values: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return an error for each value above its limit, in the response's form: code, limit and value in extensions."""
    return [
        refusal(name, getattr(limits, name), value) for name, value in values.items() if value > getattr(limits, name)
    ]


def refusal(name: str, limit: int, value: int) -> dict[str, Any]:
    """Return the error for a value above the limit of a name."""
    value = min(value, LARGEST)
    note(SecurityEvent.LIMIT_MET, reason=f"LIMIT_{name.upper()}")
    count_error(f"LIMIT_{name.upper()}")
    facts = {"limit": limit, "value": value}
    return {
        "message": MESSAGES[name](**facts).told(language()),
        "extensions": {"code": f"LIMIT_{name.upper()}", **facts, "parameters": facts},
    }
