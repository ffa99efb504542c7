"""What departments got, held against what was committed: nothing lost, nothing else, each lane in its order."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Key = tuple[str, str]
"""An event and a department."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that was committed for a department, as the rows say it when all is done."""

    event: str
    department: str
    lane: str
    sequence: int
    replays: int = 0
    skipped: bool = False

    @property
    def key(self) -> Key:
        return self.event, self.department


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a department acknowledged."""

    event: str
    department: str
    lane: str
    sequence: int
    replay: int
    body: bytes

    @property
    def key(self) -> Key:
        return self.event, self.department


def arrival(department: str, body: bytes) -> Arrival:
    """Return what a message of a department's inbox says."""
    event = json.loads(body)
    lane, sequence = event["partitionkey"], int(event["sequence"])
    return Arrival(event["id"], department, lane, sequence, event.get("replay", 0), body)


@dataclass(slots=True)
class Verdict:
    """What is wrong, by name, and how much there was."""

    events: int = 0
    deliveries: int = 0
    received: int = 0
    duplicates: int = 0
    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    @property
    def duplicate_share(self) -> float:
        """How many messages were repeated for each that was not."""
        return self.duplicates / max(self.received - self.duplicates, 1)

    def wrong(self) -> str:
        """Return what is wrong, in a few lines; empty where nothing is."""
        named = {"lost": self.lost, "unexpected": self.unexpected, "out of order": self.out_of_order}
        return "\n".join(f"{len(found)} {name}, as {found[:5]}" for name, found in named.items() if found)


def judge(deliveries: Sequence[Delivery], arrivals: Sequence[Arrival], told: Iterable[Key] = ()) -> Verdict:
    """Return the verdict on what arrived, in the order of its arrival.

    `told` are the events whose writers were told that they are committed, by department. A replay is owed once
    more under its own number and is no duplicate; what an operator skipped may have arrived or not.
    """
    known = {one.key: one for one in deliveries}
    sendings = {(one.key, one.replay): one for one in reversed(arrivals)}
    return Verdict(
        events=len({one.event for one in deliveries}),
        deliveries=len(deliveries),
        received=len(arrivals),
        duplicates=len(arrivals) - len(sendings),
        lost=[
            *(f"{one} was not received" for one in deliveries if not _arrived(one, sendings.keys())),
            *(f"{key} was committed and is gone" for key in told if key not in known),
            *_gaps(deliveries),
        ],
        unexpected=[f"{one} {why}" for one in arrivals if (why := _strange(one, known, sendings[one.key, one.replay]))],
        out_of_order=list(_early(deliveries, arrivals)),
    )


def _arrived(delivery: Delivery, sendings: Iterable[tuple[Key, int]]) -> bool:
    """Tell whether what was last owed of a delivery came."""
    return delivery.skipped or (delivery.key, delivery.replays) in sendings


def _strange(one: Arrival, known: dict[Key, Delivery], first: Arrival) -> str:
    """Return what is wrong with a message by itself; nothing where it is as it should be."""
    delivery = known.get(one.key)
    if delivery is None:
        return "was never committed"
    if (one.lane, one.sequence) != (delivery.lane, delivery.sequence):
        return f"belongs to another place: {delivery}"
    if one.replay > delivery.replays:
        return "was not replayed"
    return "" if one.body == first.body else "differs from the one before with the same id"


def _lanes(deliveries: Sequence[Delivery]) -> dict[Key, list[Delivery]]:
    """Return the deliveries of each lane of each department, by number."""
    lanes: dict[Key, list[Delivery]] = defaultdict(list)
    for one in sorted(deliveries, key=lambda one: one.sequence):
        lanes[one.department, one.lane].append(one)
    return lanes


def _gaps(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Name the lanes whose numbers do not go from 1 on without a gap."""
    for lane, ordered in _lanes(deliveries).items():
        numbers = [one.sequence for one in ordered]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{lane} has the numbers {numbers}"


def _early(deliveries: Sequence[Delivery], arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Name what came for the first time before something earlier in its lane that came later."""
    come = {(one.department, one.lane, one.sequence) for one in arrivals}
    owed = {
        lane: [one.sequence for one in ordered if not one.skipped and (*lane, one.sequence) in come]
        for lane, ordered in _lanes(deliveries).items()
    }
    for one in arrivals:
        waiting = owed.get((one.department, one.lane), [])
        if one.sequence not in waiting:
            continue
        if one.sequence != waiting[0]:
            yield f"{one.lane} of {one.department}: {one.sequence} before {waiting[0]}"
        waiting.remove(one.sequence)
