"""Numbers and addresses in a text by which a person is known or reached, found so that somebody looks at them.

What is found is probable and no more; what is written in words, or hidden on purpose, is not found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import decimal

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from services.core.choices import Choice

MOST = 20
"""So many findings of a text are told."""


class PersonalData(Choice):
    """个人信息种类: what a text seems to have."""

    TELEPHONE_NUMBER = "TELEPHONE_NUMBER", "电话号码", "Telephone number"
    IDENTITY_NUMBER = "IDENTITY_NUMBER", "身份证号", "Identity number"
    BANK_CARD_NUMBER = "BANK_CARD_NUMBER", "银行卡号", "Bank card number"
    EMAIL_ADDRESS = "EMAIL_ADDRESS", "电子邮箱", "E-mail address"


@dataclass(frozen=True, slots=True)
class Finding:
    """A number or an address in a text: what it is, and what it looks like, masked."""

    kind: PersonalData
    snippet: str


WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms and what they are forms of (Unicode, block FF00)."""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ")
PLAIN = WIDE | DASHES | SPACES
OTHER_DIGITS = re.compile(r"(?![0-9])\d")

APART = r"[ -]?"
"""What may stand between two digits."""
BEFORE, AFTER = r"(?<![0-9])(?<![0-9][.:])", r"(?![0-9])(?![.:][0-9])"
"""Where a number begins and ends: beside no digit, and not within a sum or an instant."""
MOBILE = re.compile(rf"{BEFORE}(?:\+?86{APART})?1{APART}[3-9](?:{APART}[0-9]){{9}}{AFTER}")
AREA = r"0(?:10|2[0-57-9]|[3-9][0-9]{2})"
"""Area codes: of three digits in ten cities, of four elsewhere."""
LANDLINE = re.compile(rf"{BEFORE}(?:\({AREA}\) ?|{AREA}{APART})[2-9](?:{APART}[0-9]){{6,7}}{AFTER}")
LONG = re.compile(rf"{BEFORE}[0-9](?:{APART}[0-9]){{13,18}}(?:{APART}[Xx](?![0-9A-Za-z]))?{AFTER}")
ADDRESS = re.compile(r"[A-Za-z_/=&#%]")
"""Beside what a long number is part of an address or of a code, and no card's."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])", re.ASCII)

GROUPS = frozenset({"11", "3 4 4", "3 3 5", "3 8", "7 4", "4 4 3", "4 3 4", "3 5 3", " ".join("1" * 11)})
"""In which groups of digits people write a mobile number; others are figures that stand beside each other."""
IDENTITY = re.compile(r"[1-8][1-7][0-9]{4}(?:19|20)[0-9]{9}[0-9X]")
"""A region of GB/T 2260, a day of birth, an order and the check digit."""
CARD_LENGTHS = range(16, 20)
CARD_BEGINS = "34569"
"""Of cards for payment (ISO/IEC 7812-1, major industries; UnionPay has 62)."""
SUM = re.compile(r"\s?(?:万|亿|元|块|圆|美元|吨|公斤|千克|平方|亩|米|户|人次|人民币|%)")
"""What follows a figure that is a sum or a measure."""
MONEY = "¥￥$€"


def find_personal_data(text: str) -> list[Finding]:
    """Return telephone, identity and bank card numbers and e-mail addresses in a text, in their order there.

    Digits may be of any script and full-width, with a space or a hyphen between any two. At most 20 are told.
    """
    plain = _plain(text)
    found: list[tuple[int, Finding]] = []
    taken = bytearray(len(plain))
    for match, kind in _matches(plain):
        if not any(taken[match.start() : match.end()]):
            taken[match.start() : match.end()] = b"\1" * len(match[0])
            found.append((match.start(), Finding(kind, _masked(match[0], kind))))
    return [finding for _, finding in sorted(found, key=lambda one: one[0])][:MOST]


def _matches(plain: str) -> Iterator[tuple[re.Match[str], PersonalData]]:
    """Yield what is found by each finder."""
    for pattern, kind_of in FINDERS:
        for match in pattern.finditer(plain):
            kind = kind_of(match)
            if kind is not None and not _is_sum(plain, match):
                yield match, kind


def _plain(text: str) -> str:
    """Return a text with plain digits, hyphens, spaces and Latin letters, each in its place."""
    return OTHER_DIGITS.sub(lambda found: str(decimal(found[0])), text.translate(PLAIN))


def _is_sum(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number is a sum or a measure."""
    before = text[: match.start()].rstrip()[-1:]
    return before in {*MONEY} or SUM.match(text, match.end()) is not None


def _digits(text: str) -> str:
    return re.sub(r"[^0-9Xx]", "", text).upper()


def _long(match: re.Match[str]) -> PersonalData | None:
    """Return what a number of 14 to 20 digits is."""
    digits = _digits(match[0])
    if _is_identity(digits):
        return PersonalData.IDENTITY_NUMBER
    beside = match.string[max(match.start() - 1, 0) : match.start()] + match.string[match.end() : match.end() + 1]
    if ADDRESS.search(beside) or len(digits) not in CARD_LENGTHS or digits[0] not in CARD_BEGINS:
        return None
    return PersonalData.BANK_CARD_NUMBER if luhn.is_valid(digits) and not uscc.is_valid(digits) else None


def _is_identity(digits: str) -> bool:
    """Tell whether it is a resident's number (GB 11643): of 18 digits with its check digit, or of 15 as before 1999."""
    if len(digits) == 15:  # noqa: PLR2004 -- so many
        digits = f"{digits[:6]}19{digits[6:]}"
        digits += ric.calc_check_digit(f"{digits}0")
    if not IDENTITY.fullmatch(digits) or ric.calc_check_digit(digits) != digits[-1]:
        return False
    try:
        ric.get_birth_date(digits)
    except ValidationError:
        return False
    return True


def _mobile(match: re.Match[str]) -> PersonalData | None:
    """Return that a number is a mobile one, where its groups are as people write them."""
    own = re.sub(r"^\+?86[ -]?", "", match[0])
    groups = " ".join(str(len(group)) for group in re.split(r"[ -]", own))
    return PersonalData.TELEPHONE_NUMBER if groups in GROUPS else None


def _landline(_match: re.Match[str]) -> PersonalData:
    """Return that a number is one of a landline: all with an area code are."""
    return PersonalData.TELEPHONE_NUMBER


def _email(_match: re.Match[str]) -> PersonalData:
    return PersonalData.EMAIL_ADDRESS


FINDERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PersonalData | None]], ...] = (
    (EMAIL, _email),
    (LONG, _long),
    (MOBILE, _mobile),
    (LANDLINE, _landline),
)
"""What is looked for, in this order: what is part of something longer is not looked at again."""


def _masked(text: str, kind: PersonalData) -> str:
    """Return something found so that it can be told and not read."""
    shown, end = (1, text.rfind("@")) if kind is PersonalData.EMAIL_ADDRESS else (3, len(text) - 2)
    return f"{text[:shown]}{'*' * max(end - shown, 1)}{text[end:]}"
