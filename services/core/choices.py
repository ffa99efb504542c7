"""Closed lists whose values say what they are, in Chinese and in English."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A closed list. Each value has its label in both languages, and a sentence where the label does not say all."""

    label: str
    """What Chinese readers see."""
    english: str
    """What others see."""
    description: str
    """The labels, then the sentence: `已立项 (Listed). It stands on the agenda.`"""

    def __new__(cls, value: str, label: str = "", english: str = "", more: str = "") -> Self:
        """Return the value that has the labels. Raises TypeError without them; by the value alone it is looked up."""
        if not label or not english:
            raise TypeError(f"{cls.__name__}.{value} has no label in each language")
        one = str.__new__(cls, value)
        one._value_ = value
        one.label, one.english = label, english
        one.description = f"{label} ({english}). {more}".strip()
        return one
