from typing import Any

import strawberry

from services.core.bounds import Bound

BOUND = "bound"
"""What a field's metadata call the bound of its value."""


def bounded(bound: Bound, description: str = "", **options: Any) -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return an input's field that takes what the bound takes, which stands in its description.

    `options` are those of strawberry.field.
    """
    said = f"{description} {bound.words[0].upper()}{bound.words[1:]}.".lstrip()
    return strawberry.field(description=said, metadata={BOUND: bound}, **options)
