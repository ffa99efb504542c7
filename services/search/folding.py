"""What a reader takes for the same has one form, in what is searched and in what somebody searches for.

Full-width and half-width, composed and decomposed, capitals and small letters are made one by NFKC and case folding.
Traditional characters become simplified ones, each by itself, so that a word has one form whatever stands beside it.
Characters that show nothing are left out.
"""

import re
from functools import cache
from unicodedata import normalize

from opencc import OpenCC

from services.core.characters import IGNORABLE

HAN = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003fffd"
HAN_PLANE = range(0x3400, 0xA000)
"""Where traditional characters with a simplified form of their own are; the rarer planes have next to none."""
FORMS_IN = (
    range(0xD800),
    range(0xE000, 0x10000),
    range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F200),
    range(0x2F800, 0x2FA20),
)
"""Where characters are that have the form of another: the basic plane, letters of mathematics and in frames, and
compatibility ideographs."""
SHOWN_BY_NOTHING = re.compile(f"[{IGNORABLE}]+")
MARKS = "\u0300-\u036f"
"""Accents that follow their letter, where no letter has them of its own."""
LETTERS = f"a-zA-Z0-9\u00c0-\u024f{MARKS}０-９Ａ-Ｚａ-ｚ"
"""Whatever of these stands beside a run of letters is part of it."""


@cache
def simplified() -> dict[int, str]:
    """Return the simplified form of each traditional character that has one."""
    characters = [chr(code) for code in HAN_PLANE]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(one): other for one, other in zip(characters, converted, strict=True) if one != other}


def folded(text: str) -> str:
    """Return a text in the form in which texts are compared."""
    if text.isascii():
        return text.lower()
    shown = normalize("NFKC", SHOWN_BY_NOTHING.sub("", text))
    return normalize("NFKC", shown.casefold()).translate(simplified())


@cache
def _forms() -> dict[str, str]:
    """Return for each folded character all single ones that have its form."""
    found: dict[str, str] = {}
    for codes in FORMS_IN:
        for code in codes:
            form = folded(chr(code))
            if len(form) == 1:
                found[form] = found.get(form, "") + chr(code)
    return found


def standing(word: str) -> str:
    """Return the regular expression, PostgreSQL's and Python's, of a folded word in whatever form it stands in a text.

    Letters and digits stand for themselves only as a whole run. A character that folds to several, as a ligature,
    is not recognized.
    """
    expression = f"[{IGNORABLE}]*".join(map(_any_form, word))
    return expression if re.match(f"[{HAN}]", word) else f"(?<![{LETTERS}]){expression}(?![{LETTERS}])"


def _any_form(character: str) -> str:
    """Return the expression of one folded character in any of its forms."""
    forms = _forms().get(character, character)
    whole = f"[{forms}]" if len(forms) > 1 else forms
    apart = normalize("NFD", character)
    return f"(?:{_any_form(apart[0])}{apart[1:]}|{whole})" if len(apart) > 1 else whole
