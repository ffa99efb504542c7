"""Other values at random for rows that are out of a caller's sight, and stay so."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from services.matters.enums import MatterNature, ParticipantRole
from services.topics.enums import Category, TopicKind
from tests.graph.oracle.values import SOUGHT
from tests.graph.worlds.rows import Row
from tests.graph.worlds.sight import Sight

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS = 140_000_000
"""How long after it something random may have been: some four years."""
ACTS = ("topic.proposed", "topic.withdrawn", "matter.raised", "matter.accepted", "plan.topic_added", "topic.involved")
KINDS = ("topic", "matter", "session", "nothing")
TYPES = ("topic.listed", "session.scheduled", "topic.resolved", "topic.withdrawn", "department.involved")
T = TypeVar("T")


class Draw:
    """Draws values for a caller who does not see them."""

    def __init__(self, random: Random, sight: Sight) -> None:
        self.random = random
        self.sight = sight
        world = sight.world
        self.platforms = [row for row in world.rows["platform"] if self.unseen(row["division_number"])]
        self.topics = [row["id"] for row in world.rows["topic"] if not sight.ever("topic", row["id"])]
        """Those of which no version is in sight."""
        self.listed = [row["id"] for row in world.rows["topic"] if row["listed_at"] is not None]
        self._fresh = count(1)
        self._years = {(row["platform_id"], row["year"]) for row in world.rows["annual_plan"]}

    def unseen(self, number: int) -> bool:
        """Tell whether the caller has no rights over a division."""
        return not self.sight.staff(number) and not self.sight.log(number)

    def chance(self, percent: int) -> bool:
        """Choose whether something happens."""
        return self.random.randrange(100) < percent

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of the options."""
        return self.random.choice(options)

    def number(self) -> int:
        """Return a number that was not given before."""
        return next(self._fresh)

    def id(self) -> UUID:
        """Return the id of a new row."""
        return UUID(int=self.random.getrandbits(128))

    def line(self) -> str:
        """Return words in which something is found."""
        return "".join(self.pick(SOUGHT) for _ in range(self.random.randrange(1, 6))) + str(self.random.randrange(99))

    def maybe(self, value: T) -> T | None:
        """Return the value, or nothing."""
        return value if self.chance(60) else None

    def at(self) -> datetime:
        """Return an instant."""
        return BEGINNING + timedelta(seconds=self.random.randrange(SECONDS), microseconds=self.random.randrange(10**6))

    def day(self) -> date:
        """Return a day."""
        return self.at().date()

    def subject(self) -> str | None:
        """Return somebody who is not the caller."""
        return self.maybe(f"stranger {self.random.randrange(9)}")

    def place(self) -> Row:
        """Return the columns of a place over which the caller has no rights."""
        platform = self.pick(self.platforms)
        return {"platform_id": platform["id"], "division_number": platform["division_number"]}

    def topic(self) -> Row:
        """Return the columns of a topic that is not listed."""
        scheduled = self.maybe(self.at())
        withdrawn = self.maybe(self.at())
        return {
            **self.place(),
            "title": self.line(),
            "summary": self.maybe(self.line()),
            "kind": self.pick(list(TopicKind)).value,
            "category": self.pick(list(Category)).value,
            "status": "WITHDRAWN" if withdrawn else "PROPOSED",
            "version": self.random.randrange(1, 9),
            "proposed_at": self.at(),
            "listed_at": None,
            "scheduled_at": scheduled,
            "next_session_at": scheduled if self.chance(50) else None,
            "resolved_at": None,
            "withdrawn_at": withdrawn,
            "resolution": self.maybe(self.line()),
            "subject": self.subject(),
        }

    def matter(self) -> Row:
        """Return the columns of a matter that is in no topic, or in one that is out of sight."""
        status = self.pick(("RAISED", "ACCEPTED", "ANSWERED", "DECLINED", *(["LISTED"] if self.topics else ())))
        answered = status in {"ANSWERED", "DECLINED"}
        return {
            **self.place(),
            "title": self.line(),
            "description": self.line(),
            "nature": self.maybe(self.pick(list(MatterNature)).value),
            "raised_by": self.pick(list(ParticipantRole)).value,
            "subject": self.subject(),
            "raised_at": self.at(),
            "category": self.pick(list(Category)).value,
            "status": status,
            "version": self.random.randrange(1, 9),
            "accepted_at": None if status == "RAISED" else self.at(),
            "answer": self.line() if answered else None,
            "answered_at": self.at() if answered else None,
            "topic_id": self.pick(self.topics) if status == "LISTED" else None,
        }

    def annual_plan(self) -> Row:
        """Return the columns of a plan that is not approved, for a year in which its platform has no other."""
        while True:
            place, year = self.place(), self.random.randrange(2018, 2030)
            if (place["platform_id"], year) not in self._years or self.chance(1):
                break
        while (place["platform_id"], year) in self._years:
            year = self.random.randrange(2000, 2100)
        self._years.add((place["platform_id"], year))
        status = self.pick(("DRAFT", "SUBMITTED", "RETURNED"))
        return {
            **place,
            "year": year,
            "version": self.random.randrange(1, 60),
            "revision": self.random.randrange(1, 60),
            "status": status,
            "drafted_at": self.at(),
            "submitted_at": None if status == "DRAFT" else self.at(),
            "submitted_by": None if status == "DRAFT" else self.line(),
            "return_reason": self.line() if status == "RETURNED" else None,
        }

    def plan_item(self) -> Row:
        """Return the columns of an item of a plan, in its own topic."""
        return {"position": 1000 + self.number(), "quarter": self.maybe(self.random.randrange(1, 5))}

    def involvement(self) -> Row:
        """Return the columns of a department's part, in its own topic."""
        since = self.at()
        until = self.maybe(since + timedelta(days=self.random.randrange(300)))
        return {"role": self.pick(("SUPPORT", "INFORMED")), "since": since, "until": until}

    def evidence(self) -> Row:
        """Return the columns of a document."""
        url = f"https://example.org/{self.random.randrange(10**6)}"
        return {"at": self.at(), "url": url, "sha256": None, "note": self.maybe(self.line())}

    def trace_chain(self) -> Row:
        """Return the columns of a chain's head."""
        return {"last_sequence": self.random.randrange(99), "last_hash": self.random.randbytes(32)}

    def trace_entry(self) -> Row:
        """Return the columns of an entry, about the same thing."""
        return {
            "at": self.at(),
            "act": self.pick(ACTS),
            "actor_role": self.pick(("CADRE", "SECRETARIAT", "RESIDENT", "SYSTEM")),
            "summary": self.line(),
            **self.sealed(),
        }

    def sealed(self) -> Row:
        """Return the columns of who acted, and of what commits to an entry's words."""
        actor = self.maybe(self.line())
        seals = {
            f"{name}_{part}": self.random.randbytes(32)
            for name in ("actor", "evidence", "summary")
            for part in ("salt", "commitment")
        }
        return {**seals, "form": self.pick((1, 2)), "actor": actor} | ({} if actor else {"actor_commitment": None})

    def event(self) -> Row:
        """Return the columns of an event, about the same topic."""
        place = self.place()["division_number"]
        return {
            "type": self.pick(TYPES),
            "division_number": place,
            "occurred_at": self.at(),
            "actor": self.maybe(self.line()),
            "data": f'{{"title": "{self.line()}"}}',
        }

    def lane(self) -> Row:
        """Return the columns of a lane."""
        return {"last_sequence": self.random.randrange(999)}

    def delivery(self) -> Row:
        """Return the columns of a delivery, but for what its department answered."""
        status = self.pick(("PENDING", "CONFIRMED", "PARKED", "SKIPPED"))
        replayed = self.maybe(self.at())
        return {
            "role": self.pick(("LEAD", "SUPPORT", None)),
            "status": status,
            "attempts": self.random.randrange(20),
            "confirmed_at": self.at() if status == "CONFIRMED" else None,
            "last_error": self.maybe(self.line()),
            "replays": self.random.randrange(1, 5) if replayed else 0,
            "replayed_at": replayed,
            "skipped_at": self.at() if status == "SKIPPED" else None,
            "skipped_by": self.line() if status == "SKIPPED" else None,
            "skip_reason": self.line() if status == "SKIPPED" else None,
            "reminded_at": self.maybe(self.at()),
            "alerted_at": self.maybe(self.at()),
        }

    def answer(self) -> Row:
        """Return the columns of what a department answered, or of nothing."""
        if self.chance(40):
            return {"receipt": None, "receipt_at": None, **self.note()}
        return {"receipt": self.pick(("RECEIVED", "ACCEPTED", "COMPLETED")), "receipt_at": self.at(), **self.note()}

    def note(self) -> Row:
        """Return the columns of the words of an answer."""
        return {
            "receipt_note": self.maybe(self.line()),
            "receipt_evidence_url": self.maybe(f"https://example.org/{self.random.randrange(10**6)}"),
        }

    def role_grant(self) -> Row:
        """Return the columns of a grant, of the same role."""
        revoked = self.maybe(self.at())
        return {
            "subject": f"grantee {self.number()}",
            "division_number": self.place()["division_number"],
            "granted_by": self.line(),
            "granted_at": self.at(),
            "revoked_by": self.line() if revoked else None,
            "revoked_at": revoked,
        }

    def duty_assessment(self) -> Row:
        """Return the columns of what a member's year came to."""
        return {"points": self.random.randrange(100), "grade": self.maybe(self.line()), "assessed_at": self.at()}

    def duty_record(self) -> Row:
        """Return the columns of what an act was worth."""
        return {"points": self.random.randrange(100), "acted_on": self.day()}

    def idempotency_key(self) -> Row:
        """Return the columns of what a mutation was answered."""
        return {"fingerprint": self.line(), "result": self.maybe(self.line())}

    def inbox_message(self) -> Row:
        """Return the columns of a message that was taken in."""
        return {"received_at": self.at(), "digest": self.maybe(self.random.randbytes(32))}

    def restoration(self) -> Row:
        """Return the columns of a restore of the database."""
        return {"told_at": self.at(), "first_sequence": self.random.randrange(1, 10**6)}

    def revocation(self) -> Row:
        """Return the columns of a subject that is refused."""
        return {"subject": f"refused {self.number()}", "revoked_by": self.line(), "until": self.maybe(self.at())}

    def topic_number(self) -> Row:
        """Return the columns of the number given last."""
        return {"last": self.random.randrange(999)}

    def values(self, table: str) -> dict[str, Any]:
        """Return other values for a row of a table that is out of sight."""
        drawn: dict[str, Any] = getattr(self, table)()
        return drawn
