from collections.abc import Mapping
from typing import Any

from services.core.limits import Limits
from services.core.security import SecurityEvent, note

LARGEST = 2**53 - 1
"""The largest value that is reported: JSON readers hold no larger integer exactly."""

MESSAGES = {
    "characters": "The document has {value} characters, at most {limit} are taken; send long texts as variables.",
    "tokens": "The document has {value} tokens, at most {limit} are taken; ask in several requests.",
    "directives": "The document has {value} directives, at most {limit} are taken; use fewer.",
    "aliases": "The document has {value} aliases, at most {limit} are taken; ask by lists or in several requests.",
    "nesting": "Brackets nest {value} deep, at most {limit} are taken; nest selections and values less.",
    "depth": "Fields nest {value} deep, at most {limit} are taken; start nearer to what is wanted.",
    "root_fields": "An operation has {value} root fields, at most {limit} are taken; ask in several requests.",
    "fragment_nesting": "Fragments nest {value} deep, at most {limit} are taken; spread them side by side.",
    "selections": "With fragments expanded there are {value} selections, at most {limit} are taken; select less.",
    "repeats": "A field is selected {value} times in one place, at most {limit} are taken; select it once.",
    "introspection_nesting": "Fields, interfaces, possible types and input fields of the schema nest {value} deep "
    "in one another, at most {limit} are taken; ask for them type by type.",
    "introspection_selections": "Introspection has {value} selections with fragments expanded, at most {limit} are "
    "taken; read /schema.graphql instead.",
    "variable_values": "The variables hold {value} values, at most {limit} are taken; send them in several requests.",
    "cost": "The operation costs {value}, at most {limit} is allowed; ask for smaller pages, fewer levels or fewer "
    "conditions.",
}


def excesses(limits: Limits, values: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return an error for each value above its limit, in the response's form: code, limit and value in extensions."""
    return [
        refusal(name, getattr(limits, name), value) for name, value in values.items() if value > getattr(limits, name)
    ]


def refusal(name: str, limit: int, value: int) -> dict[str, Any]:
    """Return the error for a value above the limit of a name."""
    value = min(value, LARGEST)
    note(SecurityEvent.LIMIT_MET, reason=f"LIMIT_{name.upper()}")
    return {
        "message": MESSAGES[name].format(limit=limit, value=value),
        "extensions": {"code": f"LIMIT_{name.upper()}", "limit": limit, "value": value},
    }
