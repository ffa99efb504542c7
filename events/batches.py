"""What to do with a batch of deliveries after it was published: pure functions, which are tested without a broker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from services.notices.claim import ClaimedDelivery

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
    """No message can be made of the delivery; nothing was sent."""
    REFUSED = auto()
    """The broker closed the channel or the connection over a message that it cannot take."""
    FORBIDDEN = auto()
    """The channel was closed over rights: ACCESS_REFUSED (403)."""
    UNKNOWN = auto()
    """No answer came: the message may or may not be in the queue."""


@dataclass(frozen=True, slots=True)
class Published:
    """A delivery and how its publish ended."""

    delivery: ClaimedDelivery
    outcome: Outcome
    error: str = ""


@dataclass(slots=True)
class BatchResult:
    """What to write for a batch. A delivery in none of the lists stays pending."""

    confirmed: list[ClaimedDelivery] = field(default_factory=list)
    paused: list[Published] = field(default_factory=list)
    parked: list[Published] = field(default_factory=list)
    connection_error: str | None = None
    """Why the connection is closed: its channel was closed or confirms are missing."""
    isolate: bool = False
    """Whether one message of several closed the channel: they are sent again one by one."""


def decide(published: Sequence[Published]) -> BatchResult:
    """Return the result of a batch.

    A channel that is closed loses the confirms of its whole batch; a message is known to be the cause only alone.
    """
    result, alone = BatchResult(), len(published) == 1
    for one in published:
        match one.outcome:
            case Outcome.ACKED:
                result.confirmed.append(one.delivery)
            case Outcome.RETURNED | Outcome.NACKED:
                result.paused.append(one)
            case Outcome.UNSENDABLE:
                result.parked.append(one)
            case Outcome.REFUSED if alone:
                result.parked.append(one)
                result.connection_error = one.error
            case Outcome.FORBIDDEN if alone:
                result.paused.append(one)
                result.connection_error = one.error
            case Outcome.REFUSED | Outcome.FORBIDDEN:
                result.connection_error, result.isolate = one.error, True
            case Outcome.UNKNOWN:
                result.connection_error = result.connection_error or one.error
    return result


def pause_delays(
    paused: Sequence[Published], pauses: Mapping[UUID, int], jitter: Callable[[], float]
) -> dict[UUID, timedelta]:
    """Return for how long each department is left alone: 5 s doubled with every pause in a row, an hour at most.

    `jitter` gives a number from 0 to 1; the pause is between half of its length and all of it.
    """
    delays = {}
    for one in paused:
        department = one.delivery.department_id
        length_s = min(FIRST_PAUSE_S * 2.0 ** min(pauses.get(department, 0), 20), LONGEST_PAUSE_S)
        delays[department] = timedelta(seconds=length_s * (0.5 + 0.5 * jitter()))
    return delays


@dataclass(frozen=True, slots=True)
class ScannedLanes:
    """The lanes of one batch: how many, after which lane they begin, and after which the next batch begins."""

    after_lane: int
    next_after_lane: int
    count: int


@dataclass(slots=True)
class LaneScan:
    """A relay's scan over the lanes in order, again and again: its position, and how many lanes it takes at once."""

    window: int
    after_lane: int = 0
    isolated: int = 0
    """How many lanes are still to be tried one by one."""

    @property
    def limit(self) -> int:
        """How many lanes the next batch takes."""
        return 1 if self.isolated else self.window

    def claimed(self, lanes: Sequence[int]) -> ScannedLanes:
        """Move past the lanes of a batch: a full batch may have more behind it, after another the scan starts again."""
        next_after_lane = max(lanes) if len(lanes) == self.limit else 0
        scanned = ScannedLanes(self.after_lane, next_after_lane, len(lanes))
        self.after_lane = next_after_lane
        return scanned

    def published(self, scanned: ScannedLanes, result: BatchResult) -> None:
        """Note a batch's result. When it cost the connection, batches that were claimed after it are claimed again.

        A batch to isolate is claimed again lane by lane: sent as a whole once more, all that the broker took before
        the message that closed the channel would be in the queues twice.
        """
        if result.isolate:
            self.after_lane, self.isolated = scanned.after_lane, scanned.count
            return
        if result.connection_error is not None:
            self.after_lane = scanned.next_after_lane
        self.isolated = max(self.isolated - 1, 0)
