"""Fields of texts that people wrote, and of what the public reads in their place."""

from typing import Any

import strawberry


def as_written(term: str, more: str = "", *, whose: str = "staff of the place") -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return the field of a redactable text; `term` is what it is called, `more` ends its description."""
    text = f"{term}, as it was written for {whose}, for others as it is published. {more}"
    return strawberry.field(description=text.strip())


def as_published(term: str, more: str = "") -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return the field of what the public reads of a redactable text."""
    return strawberry.field(description=f"公开{term}: what others than staff read. {more}".strip())
