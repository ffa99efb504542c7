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
    UNSENDABLE = auto()
    """No message can be made of the notice; nothing was sent."""
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
    """Whether one message of several killed the channel: they are sent again one by one."""


def decide(published: Sequence[Published]) -> Fates:
    """Return the fates of a batch.

    A channel that dies takes the answers of its whole batch with it; only alone does a message prove its guilt.
    """
    fates, alone = Fates(), len(published) == 1
    for one in published:
        match one.outcome:
            case Outcome.ACKED:
                fates.confirmed.append(one.notice)
            case Outcome.RETURNED | Outcome.NACKED:
                fates.paused.append(one)
            case Outcome.UNSENDABLE:
                fates.parked.append(one)
            case Outcome.REFUSED if alone:
                fates.parked.append(one)
                fates.connection_error = one.error
            case Outcome.FORBIDDEN if alone:
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


@dataclass(frozen=True, slots=True)
class Leg:
    """A batch's part of the round over the lanes: behind which lane it begins, behind which the next one does."""

    begins: int
    ends: int
    lanes: int


@dataclass(slots=True)
class Round:
    """Where a relay stands on its round over the lanes, and how many of them it takes at once."""

    window: int
    after_lane: int = 0
    suspects: int = 0
    """How many lanes are still to be tried one by one."""

    @property
    def limit(self) -> int:
        """How many lanes the next batch takes."""
        return 1 if self.suspects else self.window

    def claimed(self, lanes: Sequence[int]) -> Leg:
        """Move past a batch of lanes: on where more may lie behind it, else to the start of the next round."""
        leg = Leg(self.after_lane, max(lanes) if len(lanes) == self.limit else 0, len(lanes))
        self.after_lane = leg.ends
        return leg

    def published(self, leg: Leg, fates: Fates) -> None:
        """Note how a batch ended; where it took the connection with it, what was claimed behind it is still to come.

        A batch with a suspect is gone through again from where it began: were it sent as a whole once more, all
        that the broker took before the guilty one would be in the queues again.
        """
        if fates.suspects:
            self.after_lane, self.suspects = leg.begins, leg.lanes
            return
        if fates.connection_error is not None:
            self.after_lane = leg.ends
        self.suspects = max(self.suspects - 1, 0)
