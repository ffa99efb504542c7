"""How a record is corrected: some of its columns get other values, with a reason, and what they were is told."""

from collections.abc import Mapping
from typing import TypeAlias

from sqlmodel import SQLModel

from services.core.bounds import NOTE
from services.core.codes import Code
from services.core.errors import InvalidInput
from services.core.words import Words

Changes: TypeAlias = Mapping[str, tuple[object, object]]
"""Column → what it was and what it is."""


class NothingCorrected(InvalidInput):
    """A record was to be put right, and nothing was given that differs from what stands."""

    code = Code.NOTHING_CORRECTED
    words = Words(
        "Give another value of one of these than the one that stands: {fields}.",
        "以下内容至少有一项须与现有的不同：{fields}。",
    )

    def __init__(self, fields: tuple[str, ...], *, path: str) -> None:
        super().__init__(self.words(fields=fields), path=(path,))


def correct(row: SQLModel, given: Mapping[str, object], *, reason: str) -> Changes:
    """Give a row the values that are not None, and return those that changed.

    Raises OutOfBounds without a reason, NothingCorrected where no value is another.
    """
    NOTE.check(reason, "reason")
    changes = {
        column: (getattr(row, column), value)
        for column, value in given.items()
        if value is not None and value != getattr(row, column)
    }
    if not changes:
        named = next((column for column, value in given.items() if value is not None), next(iter(given)))
        raise NothingCorrected(tuple(given), path=named)
    for column, (_, value) in changes.items():
        setattr(row, column, value)
    return changes
