"""What people read of a refusal, in their language: templates with named places, and the facts that fill them."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from string import Formatter
from typing import Any

from services.core.choices import Choice
from services.core.clock import CHINA
from services.core.terms import ACTIONS, FIELDS, THINGS


class Language(StrEnum):
    """A language that messages are told in."""

    ENGLISH = "en"
    CHINESE = "zh"


BETWEEN = {
    Language.ENGLISH: {"": ", ", "or": " or "},
    Language.CHINESE: {"": "、", "or": "或"},
}
"""What stands between several values, by what a place asks for."""
PAIRS = {Language.ENGLISH: "{} is {}".format, Language.CHINESE: "{}（{}）".format}
"""How things and their states are told."""


def _term(terms: Mapping[str, str]) -> Callable[[str, Language], str]:
    """Return what tells a word of the domain: in Chinese as a list has it, in English as the code does."""
    return lambda word, language: terms.get(word, word) if language is Language.CHINESE else word


def _phrase(value: str, language: Language) -> str:
    """Return the label of a closed list's value as part of a sentence."""
    if not isinstance(value, Choice):
        raise TypeError(f"{value!r} is no value of a closed list")
    return value.label if language is Language.CHINESE else value.english[:1].lower() + value.english[1:]


def _day(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language is Language.CHINESE else day.isoformat()


def _instant(instant: datetime, language: Language) -> str:
    if language is Language.CHINESE:
        return f"{_day(instant, language)}{instant:%H:%M:%S}"
    return instant.isoformat(" ", "seconds")


WORDS_OF = {"thing": _term(THINGS), "action": _term(ACTIONS), "field": _term(FIELDS), "phrase": _phrase}
"""How a place tells a word, by what it asks for."""


class _Teller(Formatter):
    """Fills a template's places in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 -- a fact
        """Return a fact as people read it."""
        told: str
        match value:
            case Words() | Phrase():
                told = value.told(self._language)
            case str() if format_spec in WORDS_OF:
                told = WORDS_OF[format_spec](value, self._language)
            case Choice() if self._language is Language.CHINESE:
                told = value.label
            case datetime():
                told = _instant(value.astimezone(CHINA), self._language)
            case date():
                told = _day(value, self._language)
            case Mapping():
                pair = PAIRS[self._language]
                told = self.format_field([pair(key, self.format_field(one, "")) for key, one in value.items()], "")
            case tuple() | list() | AbstractSet():
                told = BETWEEN[self._language][format_spec].join(self.format_field(one, "") for one in value)
            case _:
                told = format(value, format_spec)
        return told


TELLERS = {language: _Teller(language) for language in Language}


@dataclass(frozen=True, slots=True)
class Words:
    """A message's template in each language. Both have the same places."""

    english: str
    chinese: str

    def __post_init__(self) -> None:
        """Raise ValueError where a place is missing in one language."""
        if _places(self.english) != _places(self.chinese):
            raise ValueError(f"{self.english!r} and {self.chinese!r} have other places")

    @property
    def places(self) -> frozenset[str]:
        """The names of the facts that it tells."""
        return _places(self.english)

    def __call__(self, **facts: object) -> "Phrase":
        """Return the message with its facts. Raises TypeError where one that it tells is missing."""
        if missing := self.places - facts.keys():
            raise TypeError(f"{self.english!r} needs {', '.join(sorted(missing))}")
        return Phrase(self, facts)

    def told(self, language: Language) -> str:
        """Return a message that has no places."""
        return self().told(language)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message with its facts."""

    words: Words
    facts: Mapping[str, object]

    def told(self, language: Language) -> str:
        """Return the message in a language."""
        template = self.words.chinese if language is Language.CHINESE else self.words.english
        return TELLERS[language].vformat(template, (), self.facts)

    @property
    def parameters(self) -> dict[str, Any]:
        """The facts, and those of messages within, as JSON has them; words are none."""
        found: dict[str, Any] = {}
        for name, value in self.facts.items():
            if isinstance(value, Phrase):
                found |= value.parameters
            elif not isinstance(value, Words):
                found[name] = _plain(value)
        return found


def _places(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _plain(value: object) -> object:
    """Return a fact as JSON has it: instants in UTC, names of values, numbers and lists."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Choice():
            return value.value
        case Decimal():
            return float(value)
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list() | AbstractSet():
            return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | None) else str(value)
