"""What order in time holds for what is recorded: it has happened, and not before what it follows from."""

from datetime import date, datetime, timedelta

from services.core.choices import Choice
from services.core.codes import Code
from services.core.errors import DomainError
from services.core.words import Words

SKEW = timedelta(seconds=10)
"""How far a client's clock may run ahead of ours."""


class Milestone(Choice):
    """时间节点: what a day or an instant is compared with."""

    TOPIC_PROPOSED = "TOPIC_PROPOSED", "议题提出时间", "Its topic was proposed"
    SESSION_HELD = "SESSION_HELD", "议事会召开时间", "Its session was held"
    SOURCE_CAME_ABOUT = "SOURCE_CAME_ABOUT", "转化来源的时间", "What was converted came about"
    ASSIGNED = "ASSIGNED", "交办时间", "It was assigned"
    FOLLOWED = "FOLLOWED", "后续事项的时间", "Something followed from it"
    CENTER_OPENED = "CENTER_OPENED", "中心揭牌时间", "The center opened"
    PARENT_OPENED = "PARENT_OPENED", "上级平台设立时间", "The platform above it opened"
    LAST_USED = "LAST_USED", "平台最后一次办事的时间", "Something was done there last"


class NotYetHappened(DomainError):
    """What is recorded as having happened lies in the future."""

    code = Code.NOT_YET_HAPPENED
    words = Words(
        "It is recorded once it has happened; {value} is after {now}.", "发生之后才能登记；{value}晚于{now}。"
    )

    def __init__(self, value: date, now: date, *, path: str) -> None:
        super().__init__(self.words(value=value, now=now), path=(path,))


class TooEarly(DomainError):
    """Something is said to have happened, or is to happen, before what it follows from."""

    code = Code.TOO_EARLY
    words = Words("{value} is before {least}, when {what:phrase}.", "{value}早于{least}（{what}）。")

    def __init__(self, value: date, least: date, what: Milestone, *, path: str) -> None:
        super().__init__(self.words(value=value, least=least, what=what), path=(path,))


class TooLate(DomainError):
    """Something is said to have happened after what followed from it."""

    code = Code.TOO_LATE
    words = Words("{value} is after {most}, when {what:phrase}.", "{value}晚于{most}（{what}）。")

    def __init__(self, value: date, most: date, what: Milestone, *, path: str) -> None:
        super().__init__(self.words(value=value, most=most, what=what), path=(path,))


def require_happened(at: datetime, now: datetime, *, path: str) -> None:
    """Require that an instant is not still to come. Raises NotYetHappened."""
    if at > now + SKEW:
        raise NotYetHappened(at, now, path=path)


def require_day_reached(day: date, today: date, *, path: str) -> None:
    """Require that a calendar day is not still to come. Raises NotYetHappened."""
    if day > today:
        raise NotYetHappened(day, today, path=path)


def require_not_before(value: date, least: date | None, what: Milestone, *, path: str) -> None:
    """Require that a day or an instant is not before another, where that is known; `what` happened then.

    Raises TooEarly.
    """
    if least is not None and value < least:
        raise TooEarly(value, least, what, path=path)


def require_not_after(value: date, most: date | None, what: Milestone, *, path: str) -> None:
    """Require that a day or an instant is not after another, where that is known; `what` happened then.

    Raises TooLate.
    """
    if most is not None and value > most:
        raise TooLate(value, most, what, path=path)
