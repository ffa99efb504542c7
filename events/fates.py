"""What becomes of notices after a publish: pure decisions, so that they can be tried without a broker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from services.notices.claim import Notice

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 3600.0


class Outcome(Enum):
    """How a publish ended."""

    ACKED = auto()
    """The broker has taken responsibility."""
    RETURNED = auto()
    """No queue takes the routing key."""
    NACKED = auto()
    """The queue refused: it is full."""
    REFUSED = auto()
    """The broker closed the channel or the connection over a message that it cannot take."""
    FORBIDDEN = auto()
    """The channel was closed over rights: ACCESS_REFUSED (403)."""
    UNKNOWN = auto()
    """No answer came: the message may or may not be in the queue."""


@dataclass(frozen=True, slots=True)
class Published:
    """A notice and how its publish ended."""

    notice: Notice
    outcome: Outcome
    error: str = ""


@dataclass(slots=True)
class Fates:
    """What to write for a batch. What stands nowhere stays pending."""

    confirmed: list[Notice] = field(default_factory=list)
    paused: list[Published] = field(default_factory=list)
    parked: list[Published] = field(default_factory=list)
    connection_error: str | None = None
    """Why the connection is abandoned: the channel died or answers are missing."""
    suspects: bool = False
    """Whether a message killed the channel of a larger batch: the next batch has a window of one."""


def decide(published: Sequence[Published], *, window: int) -> Fates:
    """Return the fates of a batch that was sent with the window given.

    A channel that dies takes the answers of its whole batch with it; only alone does a message prove its guilt.
    """
    fates = Fates()
    for one in published:
        match one.outcome:
            case Outcome.ACKED:
                fates.confirmed.append(one.notice)
            case Outcome.RETURNED | Outcome.NACKED:
                fates.paused.append(one)
            case Outcome.REFUSED if window == 1:
                fates.parked.append(one)
                fates.connection_error = one.error
            case Outcome.FORBIDDEN if window == 1:
                fates.paused.append(one)
                fates.connection_error = one.error
            case Outcome.REFUSED | Outcome.FORBIDDEN:
                fates.connection_error, fates.suspects = one.error, True
            case Outcome.UNKNOWN:
                fates.connection_error = fates.connection_error or one.error
    return fates


def pause_delays(
    paused: Sequence[Published], pauses: Mapping[UUID, int], jitter: Callable[[], float]
) -> dict[UUID, timedelta]:
    """Return for how long each department is left alone: 5 s doubled with every pause in a row, an hour at most.

    `jitter` gives a number from 0 to 1; the pause is between half of its length and all of it.
    """
    delays = {}
    for one in paused:
        department = one.notice.department_id
        length_s = min(FIRST_PAUSE_S * 2.0 ** min(pauses.get(department, 0), 20), LONGEST_PAUSE_S)
        delays[department] = timedelta(seconds=length_s * (0.5 + 0.5 * jitter()))
    return delays
