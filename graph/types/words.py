"""Fields of texts that people wrote, and of what the public reads in their place."""

from typing import Any

import strawberry


def as_written(term: str, more: str = "", *, whose: str = "staff of the place") -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return the field of a redactable text; `term` is what it is called, `more` ends its description."""
    return strawberry.field(description=f"{term}: {whose} read it as written, others as published. {more}".strip())


def as_published(term: str, more: str = "") -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return the field of what the public reads of a redactable text."""
    return strawberry.field(description=f"公开{term}: what all others read. {more}".strip())
