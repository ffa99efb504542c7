from collections.abc import Mapping
from typing import Any


def measure_variables(variables: Mapping[str, Any]) -> dict[str, int]:
    """Return how many values, lists and objects the raw variables hold, and how deep they nest."""
    values, nesting = 0, 0
    level: list[Any] = [*variables.values()]
    while level:
        values += len(level)
        containers = [value for value in level if isinstance(value, dict | list)]
        nesting += bool(containers)
        level = [item for value in containers for item in (value.values() if isinstance(value, dict) else value)]
    return {"nesting": nesting, "variable_values": values}
