"""The ends of what a value can be, each stated once.

An input's field declares its bound, a table makes its CHECK of the same one, and both refusals are made of its words.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from services.core.characters import IGNORABLE, WHITE_SPACE
from services.core.errors import InvalidInput
from services.core.words import Phrase, Words

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)
END_OF_INSTANTS = datetime(2201, 1, 1, tzinfo=UTC)
"""The first instant that is out of the range."""

CONTROLS = r"\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F"
"""Characters that no text has: all controls (Unicode's category Cc) but tab and the ends of lines."""
ENDS_OF_LINES = r"\u0009\u000A\u000D\u2028\u2029"
"""What a text of one line has neither, with the tab."""
BLANKS = rf"{WHITE_SPACE}{IGNORABLE}\u2800"
"""Characters that show nothing, the empty Braille cell among them."""

NOT_IN_A_LINE = re.compile(rf"[\0{CONTROLS}{ENDS_OF_LINES}\uD800-\uDFFF]")
NOT_IN_PROSE = re.compile(rf"[\0{CONTROLS}\uD800-\uDFFF]")
"""PostgreSQL's text holds neither NUL nor lone surrogates (RFC 3629, section 3)."""
SHOWN = re.compile(rf"[^{BLANKS}]")

IS_TEXT = """CREATE FUNCTION {}(value TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value !~ '[{}]' AND value ~ '[^{}]'
$$"""
ARE_LINES = """CREATE FUNCTION are_lines(texts TEXT[], most INTEGER) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bool_and(length(value) <= most AND is_line(value)), true) FROM unnest(texts) AS value
$$"""
IN_RANGE = """CREATE FUNCTION in_range(value {}) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value >= '{}' AND value < '{}'
$$"""
CHECK_FUNCTIONS = (
    IS_TEXT.format("is_prose", CONTROLS, BLANKS),
    IS_TEXT.format("is_line", CONTROLS + ENDS_OF_LINES, BLANKS),
    ARE_LINES,
    IN_RANGE.format("DATE", FIRST_DAY, END_OF_INSTANTS.date()),
    IN_RANGE.format("TIMESTAMP WITH TIME ZONE", FIRST_INSTANT, END_OF_INSTANTS),
)
"""What CHECKs call. A migration has made them; a change here needs another one."""


FROM_LINES = Words("{least} to {most:,} characters", "{least}至{most:,}字")
MOST_LINES = Words("at most {most:,} characters", "不超过{most:,}字")
FROM_A_LINE = Words("{least} to {most:,} characters in one line", "{least}至{most:,}字，不分行")
MOST_OF_A_LINE = Words("at most {most:,} characters in one line", "不超过{most:,}字，不分行")
FROM_TO = Words("{least} to {most}", "{least}至{most}")
FROM_ITEMS = Words("{least} to {most:,} items", "{least}至{most:,}项")
MOST_ITEMS = Words("at most {most:,} items", "不超过{most:,}项")
EACH = Words("{many}, each of {each}", "{many}，每项{each}")
"""What is taken."""
HAS = Words("has {length:,}", "有{length:,}")
HAS_CHARACTERS = Words("has {length:,} characters", "有{length:,}字")
HAS_A_CHARACTER = Words("has the character {character}", "含有字符{character}")
SHOWS_NOTHING = Words("shows nothing", "没有可见内容")
OTHER_FORM = Words("has another form", "格式不符")
IS = Words("is {value}", "为{value}")
HAS_AN_ITEM = Words("has an item (at [{at}]) that {fault}", "第[{at}]项{fault}")
"""What is wrong."""


class Bound(ABC):
    """The ends of one kind of value."""

    @property
    @abstractmethod
    def words(self) -> Phrase:
        """What is taken, as it follows "takes"."""

    @abstractmethod
    def fault(self, value: Any) -> Phrase | None:  # noqa: ANN401 -- a value of the bound's kind
        """Return what is wrong with a value, as it follows "this one"; None where nothing is."""

    @abstractmethod
    def sql(self, column: str) -> str:
        """Return the condition of a column's CHECK; a null always passes."""

    def check(self, value: Any, *path: str, name: str | None = None) -> None:  # noqa: ANN401 -- of the bound's kind
        """Raise OutOfBounds for a value beyond an end, with the path of its field; null is none."""
        fault = None if value is None else self.fault(value)
        if fault is not None:
            raise OutOfBounds(name or ".".join(path), self.words, fault, path)


class OutOfBounds(InvalidInput):
    """A value beyond the ends of what its field takes."""

    words = Words("{field} takes {takes}; this one {fault}.", "{field}应为{takes}；所给内容{fault}。")

    def __init__(self, name: str, words: Phrase, fault: Phrase, path: tuple[str, ...]) -> None:
        super().__init__(self.words(field=name, takes=words, fault=fault), path=path)


@dataclass(frozen=True, slots=True)
class Text(Bound):
    """A text that shows something; in one line, or in many."""

    most: int
    lines: bool = False
    least: int = 1
    """0 where another rule says that it may not be empty, or where it may."""
    form: str | None = None
    """The regular expression that all of it matches, the same to Python and to PostgreSQL."""
    form_words: Words | None = None

    @property
    def words(self) -> Phrase:
        """What is taken."""
        if self.form_words:
            return self.form_words()
        of_lines, of_a_line = (FROM_LINES, FROM_A_LINE) if self.least else (MOST_LINES, MOST_OF_A_LINE)
        return (of_lines if self.lines else of_a_line)(least=self.least, most=self.most)

    def fault(self, value: str) -> Phrase | None:
        """Return what is wrong with a text."""
        found = (NOT_IN_PROSE if self.lines else NOT_IN_A_LINE).search(value)
        if not self.least <= len(value) <= self.most:
            return (HAS_CHARACTERS if self.form_words else HAS)(length=len(value))
        if found is not None:
            return HAS_A_CHARACTER(character=f"U+{ord(found[0]):04X}")
        if self.least and not SHOWN.search(value):
            return SHOWS_NOTHING()
        if self.form is not None and not re.fullmatch(self.form, value, re.ASCII):
            return OTHER_FORM()
        return None

    def sql(self, column: str) -> str:
        """Return the condition of a column's CHECK."""
        content = f"{'is_prose' if self.lines else 'is_line'}({column})"
        form = f" AND {column} ~ '^({self.form})$'" if self.form is not None else ""
        shown = f"length({column}) BETWEEN 1 AND {self.most} AND {content}{form}"
        return shown if self.least else f"{column} = '' OR {shown}"


@dataclass(frozen=True, slots=True)
class Number(Bound):
    """A number between two ends, which are allowed too."""

    least: int | Decimal
    most: int | Decimal

    @property
    def words(self) -> Phrase:
        """What is taken."""
        return FROM_TO(least=_number(self.least), most=_number(self.most))

    def fault(self, value: float | Decimal) -> Phrase | None:
        """Return what is wrong with a number; not a number is beyond each end."""
        return None if float(self.least) <= value <= float(self.most) else IS(value=value)

    def sql(self, column: str) -> str:
        """Return the condition of a column's CHECK."""
        return f"{column} BETWEEN {self.least} AND {self.most}"


class Whole(Number):
    """A whole number."""


class Real(Number):
    """A number with a fraction, whose finest step another rule has."""


@dataclass(frozen=True, slots=True)
class Times(Bound):
    """A day or an instant of the one range, from `first` on and before `end`."""

    kind: Words
    first: date
    end: date

    @property
    def words(self) -> Phrase:
        """What is taken."""
        return self.kind(first=FIRST_DAY, last=LAST_DAY)

    def fault(self, value: date) -> Phrase | None:
        """Return what is wrong with a day or an instant."""
        return None if self.first <= value < self.end else IS(value=value.isoformat())

    def sql(self, column: str) -> str:
        """Return the condition of a column's CHECK."""
        return f"in_range({column})"


@dataclass(frozen=True, slots=True)
class Items(Bound):
    """So many items in a list; of what kind each is, where that has a bound too."""

    least: int
    most: int
    each: Text | None = None

    @property
    def words(self) -> Phrase:
        """What is taken."""
        many = (FROM_ITEMS if self.least else MOST_ITEMS)(least=self.least, most=self.most)
        return EACH(many=many, each=self.each.words) if self.each else many

    def fault(self, value: Sequence[Any]) -> Phrase | None:
        """Return what is wrong with a list."""
        if not self.least <= len(value) <= self.most:
            return HAS(length=len(value))
        faults = ((at, self.each.fault(one)) for at, one in enumerate(value)) if self.each else ()
        return next((HAS_AN_ITEM(at=at, fault=fault) for at, fault in faults if fault), None)

    def sql(self, column: str) -> str:
        """Return the condition of a column's CHECK."""
        lines = f" AND are_lines({column}, {self.each.most})" if self.each else ""
        return f"cardinality({column}) BETWEEN {self.least} AND {self.most}{lines}"


def _number(value: int | Decimal) -> str:
    """Return a number as people read it; a year or less without commas."""
    return str(value) if -10_000 < value < 10_000 else f"{value:,}"  # noqa: PLR2004 -- so many digits read well


def clamped(value: Any) -> Any:  # noqa: ANN401 -- any value that a read binds
    """Return a day or an instant that a read compares with, no further out than just beyond the range.

    Everything kept lies in the range, so what it is compared with may as well lie at its edge; anything else is itself.
    """
    if isinstance(value, datetime):
        return min(max(value, FIRST_INSTANT - timedelta(days=2)), END_OF_INSTANTS + timedelta(days=2))
    if isinstance(value, date):
        return min(max(value, FIRST_DAY - timedelta(days=2)), LAST_DAY + timedelta(days=2))
    return value


DAY = Times(Words("a day from {first} to {last}", "{first}至{last}之间的日期"), FIRST_DAY, END_OF_INSTANTS.date())
INSTANT_RANGE = Times(
    Words("an instant from {first} to {last} (UTC)", "{first}至{last}（UTC）之间的时间"), FIRST_INSTANT, END_OF_INSTANTS
)

KIND = Text(40)
CODE = Text(40)
NAME = Text(100)
PART_OF_NAME = Text(NAME.most, least=0)
TITLE = Text(200)
SUBJECT = Text(255)
"""The `sub` of a token; beside an idempotency key it fits into an entry of an index (2,704 bytes)."""
TOKEN_ID = Text(255)
"""The `jti` of a token."""
IDEMPOTENCY_KEY = Text(255)
MESSAGE_ID, SOURCE = Text(200), Text(400, least=0)
"""A department's own id of a reply, and where it comes from; nothing where that was not kept yet."""
SKIP_REASON = Text(500, lines=True)
NOTE = Text(2_000, lines=True)
PROSE = Text(5_000, lines=True)
AGREEMENT = Text(10_000, lines=True)
MINUTES = Text(50_000, lines=True)
URL = Text(
    2_000,
    form=r"https?://[^ ]+",
    form_words=Words(
        "an address with http:// or https://, of at most 2,000 characters",
        "以http://或https://开头、不超过2,000字的网址",
    ),
)
SHA256 = Text(64, form="[0-9a-fA-F]{64}", form_words=Words("64 hexadecimal digits", "64位十六进制数"))
DEPARTMENT_CODE = Text(
    40,
    form="[a-z0-9-]{2,40}",
    form_words=Words("2 to 40 small letters, digits and hyphens", "2至40个小写字母、数字或连字符"),
)
PLATFORM_CODE = Text(
    40,
    form="[A-Z0-9-]{1,40}",
    form_words=Words("1 to 40 capital letters, digits and hyphens", "1至40个大写字母、数字或连字符"),
)

HEADCOUNT = Whole(0, 100_000)
VERSION = Whole(0, 2**31 - 1)
PLACE = Whole(0, 10_000)
DUTY_YEAR = Whole(1949, 9999)
PLAN_YEAR = Whole(2000, 2100)
PERCENT = Whole(0, 100)
SCORE = Whole(1, 5)
QUARTER = Whole(1, 4)
POINTS = Real(Decimal("0.01"), Decimal(100_000))
FROM_NOTHING = Real(Decimal(0), Decimal(100_000))

AREAS = Items(1, 30, NAME)
FUNCTIONS = Items(0, 30, NAME)
LEFT_OPEN_REASON = Text(300, lines=True)
REDACTION_REASON = Text(300, lines=True)
TRACE_SUMMARY = Text(500, lines=True)
LEFT_OPEN = Items(0, 100)
DOCUMENTS = Items(0, 20)
AGENDA = Items(0, 20)
MATTERS = Items(0, 100)
PEOPLE = Items(0, 500)
ATTENDANCES = Items(0, 1_000)
OPINIONS = Items(0, 500)
EVENTS = Items(0, 1_000)
RULES = Items(0, 20)
GRADES = Items(0, 20)
MINUTES_OR_NONE = Text(50_000, lines=True, least=0)
"""Minutes that say nothing are refused by a rule of their own."""
