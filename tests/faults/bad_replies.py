"""Replies of departments in disorder, drawn at random, and what the service has to make of each."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from events.messages.envelope import MOST_BYTES
from tests.events.tools import reply

SCRIPTS = (
    ("received",),
    ("received", "declined"),
    ("received", "accepted", "completed"),
    ("received", "accepted", "progress", "progress", "completed"),
)
FOLLOWS = {
    None: ("received",),
    "RECEIVED": ("accepted", "declined"),
    "ACCEPTED": ("completed", "progress"),
    "IN_PROGRESS": ("completed", "progress"),
}
"""Receipt → verbs: the lifecycle as docs/events.md tells it."""
BECOMES = {
    "received": "RECEIVED", "accepted": "ACCEPTED", "declined": "DECLINED", "progress": "IN_PROGRESS",
    "completed": "COMPLETED",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sending:
    """A message to the replies' exchange, and what is wrong with it by itself: a part of the reason for refusing it."""

    sender: str
    key: str
    body: bytes
    user_id: str | None
    wrong: str = ""


def right(rng: random.Random, code: str, event_id: str, verb: str, **changed: Any) -> Sending:
    """Return a reply with nothing wrong in it; whether it comes in time is another question."""
    body = reply(verb, event_id, **{"id": str(drawn(rng)), "data": {"note": f"{verb} {rng.random()}"}, **changed})
    return Sending(code, f"{code}.reply.{verb}", body, code)


def drawn(rng: random.Random) -> UUID:
    """Draw an id."""
    return UUID(int=rng.getrandbits(128), version=4)


def changed(key: str, value: Any, wrong: str) -> Callable[[random.Random, Sending, str], Sending]:
    """Return the fault that an attribute of the body has another value, none where that is None."""

    def make(_rng: random.Random, base: Sending, _other: str) -> Sending:
        body = {name: kept for name, kept in {**json.loads(base.body), key: value}.items() if kept is not None}
        return Sending(base.sender, base.key, json.dumps(body).encode(), base.user_id, wrong)

    return make


def anonymous(_rng: random.Random, base: Sending, _other: str) -> Sending:
    return Sending(base.sender, base.key, base.body, None, "user_id is not set")


def under_anothers_name(_rng: random.Random, base: Sending, other: str) -> Sending:
    key = base.key.replace(base.sender, other)
    return Sending(base.sender, key, base.body, base.user_id, "does not begin with the sender's account")


def of_anothers_event(_rng: random.Random, base: Sending, other: str) -> Sending:
    """The same by the other department, to whom the event was not addressed."""
    key = base.key.replace(base.sender, other)
    return Sending(other, key, base.body, other, "was not addressed to this department")


def by_another_key(_rng: random.Random, base: Sending, _other: str) -> Sending:
    return Sending(base.sender, f"{base.sender}.reply.recieved", base.body, base.user_id, "does not end in the type's")


def of_nothing_known(rng: random.Random, base: Sending, other: str) -> Sending:
    return changed("causationid", str(drawn(rng)), "was not addressed to this department")(rng, base, other)


def torn(rng: random.Random, base: Sending, _other: str) -> Sending:
    body = base.body[: rng.randrange(len(base.body))]
    return Sending(base.sender, base.key, body, base.user_id, "The body is not JSON")


def too_large(_rng: random.Random, base: Sending, _other: str) -> Sending:
    return Sending(base.sender, base.key, base.body + b" " * MOST_BYTES, base.user_id, "are allowed")


FAULTS = (
    anonymous, under_anothers_name, of_anothers_event, by_another_key, of_nothing_known, torn, too_large,
    changed("specversion", "0.3", "specversion"),
    changed("id", None, "id: Field required"),
    changed("id", "\0", "cannot be stored"),
    changed("source", "", "source"),
    changed("type", "cn.shangliang.reply.approved.v1", "is no reply; verbs are"),
    changed("type", "cn.shangliang.topic.listed.v1", "is no reply; verbs are"),
    changed("causationid", "7", "causationid"),
    changed("data", {"evidence_url": "ftp://court.example.org/1"}, "evidence_url"),
    changed("data", ["note"], "data"),
)  # fmt: skip


def mixture(rng: random.Random, addressed: Sequence[tuple[str, str]], codes: Sequence[str]) -> list[Sending]:
    """Return the departments' replies to the events addressed to them: some early, some repeated, some bad."""
    scripts = [[right(rng, code, event, verb) for verb in rng.choice(SCRIPTS)] for code, event in addressed]
    mixed = list(woven(rng, scripts))
    for place in range(len(mixed) - 1):
        if rng.random() < 0.2:
            mixed[place], mixed[place + 1] = mixed[place + 1], mixed[place]
    for one in list(mixed):
        for _ in range(rng.choice((0, 0, 1, 2))):
            mixed.insert(rng.randint(mixed.index(one), len(mixed)), one)
    for _ in range(len(mixed) // 2):
        code, event = rng.choice(addressed)
        other = rng.choice([one for one in codes if (one, event) not in addressed])
        base = right(rng, code, event, rng.choice(list(BECOMES)))
        mixed.insert(rng.randint(0, len(mixed)), rng.choice((*FAULTS, same_id_other_verb(mixed)))(rng, base, other))
    return mixed


def same_id_other_verb(mixed: Sequence[Sending]) -> Callable[[random.Random, Sending, str], Sending]:
    """Return the fault that an id is used again for something else; nothing is wrong with the message by itself."""

    def make(rng: random.Random, _base: Sending, _other: str) -> Sending:
        earlier = rng.choice([one for one in mixed if not one.wrong])
        told = json.loads(earlier.body)
        return right(rng, earlier.sender, told["causationid"], rng.choice(list(BECOMES)), id=told["id"])

    return make


def woven(rng: random.Random, scripts: list[list[Sending]]) -> Iterator[Sending]:
    """Give what is in several scripts, each in its order."""
    left = [list(reversed(script)) for script in scripts]
    while left := [script for script in left if script]:
        yield rng.choice(left).pop()


@dataclass(slots=True)
class Expected:
    """What the service has to make of the messages, one after another."""

    addressed: set[tuple[str, str]]
    receipts: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[tuple[str, str], str | None] = field(default_factory=dict)
    taken: dict[tuple[str, str], bytes] = field(default_factory=dict)
    duplicates: int = 0
    rejected: list[tuple[Sending, str]] = field(default_factory=list)
    """In this order, with a part of the reason."""
    answers: Counter[str] = field(default_factory=Counter)
    """How many refused ones of each department answer an event of its own: it is told of each."""
    others: set[str] = field(default_factory=set)
    """Which departments sent others that are refused: of these each is told once, and not where it was told before."""

    def take(self, sending: Sending) -> None:
        """Note what becomes of the next message."""
        if sending.wrong:
            self._reject(sending, sending.wrong)
            return
        event = json.loads(sending.body)
        place, verb = (sending.sender, event["causationid"]), sending.key.rpartition(".")[2]
        key = (sending.sender, event["id"])
        if self.taken.get(key, sending.body) != sending.body:
            self._reject(sending, "was another reply's before")
        elif key in self.taken:
            self.duplicates += 1
        elif verb in FOLLOWS.get(self.receipts.get(place), ()):
            self.taken[key] = sending.body
            self.receipts[place] = BECOMES[verb]
            self.notes[place] = event["data"]["note"]
        else:
            self._reject(sending, f"'{verb}' cannot follow {self.receipts.get(place, 'no receipt')}")

    def _reject(self, sending: Sending, reason: str) -> None:
        self.rejected.append((sending, reason))
        sender = sending.user_id or sending.key.partition(".")[0]
        if (sender, answered(sending.body)) in self.addressed:
            self.answers[sender] += 1
        else:
            self.others.add(sender)

    def tells(self, told: Counter[str]) -> bool:
        """Return whether departments were told so often as it has to be, in whichever order their queues were read."""
        departments = self.answers.keys() | self.others
        return told.keys() == departments and all(
            told[one] - self.answers[one] in ({0, 1} if one in self.others else {0}) for one in departments
        )


def answered(body: bytes) -> str | None:
    """Return which event a body says that it answers; None where that cannot be read."""
    try:
        event = json.loads(body) if len(body) <= MOST_BYTES else {}
    except ValueError:
        return None
    return event.get("causationid") if isinstance(event, dict) else None
