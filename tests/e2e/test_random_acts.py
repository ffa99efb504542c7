"""Everybody does anything over the API: what has to hold always holds after each act, taken or refused."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from graph.schema import Schema
from services.access.book import GrantBook
from services.core.actor import Role
from services.core.database import Database
from services.core.ids import node_id
from services.core.tokens import LocalIssuer
from services.members.models import Committee
from services.trace.verify import walk
from tests import servers
from tests.conftest import fresh_name, template
from tests.e2e.ledger import Ledger
from tests.e2e.verbs import DEPARTMENTS, NEXT, PLACE, Known, Verb, every_verb
from tests.graph.api import Api, document
from tests.graph.conftest import application
from tests.servers import as_owner
from tests.world import build

ROLES = {
    "cadre": (Role.CADRE, PLACE),
    "secretariat": (Role.SECRETARIAT, "14"),
    "approver": (Role.APPROVER, PLACE),
    "resident": (Role.RESIDENT, PLACE),
    "member": (Role.MEMBER, PLACE),
    "operator": (Role.OPERATOR, PLACE),
    "auditor": (Role.AUDITOR, "14"),
    "secretariat elsewhere": (Role.SECRETARIAT, "140106"),
}
CALLERS = (*ROLES, *DEPARTMENTS, "anonymous", "newcomer")
MOSTLY = ("cadre", "secretariat") * 6
"""Callers who come more often than others: they may do most things, so that it is the state which refuses."""
KINDS = {"annual_plan": "annualplan"}
BEGINNINGS = (
    ("proposeTopic", "cadre"),
    ("raiseMatter", "resident"),
    ("draftPlan", "cadre"),
    ("recordActivity", "cadre"),
    ("assessMember", "secretariat"),
)


MADE = (
    ("opinion", "opinion"), ("notice", "delivery"), ("progress", "progress"), ("evidence", "evidence"),
    ("verdict", "verdict"), ("traceentry", "trace_entry"),
)  # fmt: skip
"""Kinds of things that payloads do not name, with their tables."""
WITHOUT_ID = {"followUp": "score", "dutyAssessment": "points"}
"""What is asked of things that have no id."""
WEIGHTS = {"topic": 4, "commitment": 4}
"""What is gone on with more often than with other things."""
EXAMPLES, STEPS, LEAST = 8, 80, 12
"""Runs, each with so many acts at most, and how many verbs have to be among those that were not refused."""


def mutation(verb: str, thing: str) -> str:
    """Return a verb as a mutation that asks which thing it was done to."""
    return document(verb, f"{thing} {{ {WITHOUT_ID.get(thing, 'id')} }}")


class Office:
    """A county's office with a database of its own, everybody who calls there, and what they know."""

    def __init__(
        self, name: str, db: Database, connection: asyncpg.Connection, schema: Schema, issuer: LocalIssuer
    ) -> None:
        self.name = name
        self.db = db
        self.connection = connection
        self.known = Known()
        self.verbs: dict[str, Verb] = every_verb(schema.core)
        self.ledger = Ledger(connection)
        self.book = GrantBook(db)
        anybody = Api(application(schema, db, issuer, book=self.book), issuer)
        self.callers = {who: anybody.as_(role, within, subject=who) for who, (role, within) in ROLES.items()}
        self.callers |= {code: anybody.as_(Role.DEPARTMENT, department=code, subject=code) for code in DEPARTMENTS}
        self.callers |= {"anonymous": anybody, "newcomer": anybody.signed_in("newcomer")}

    @classmethod
    async def open(cls, schema: Schema, issuer: LocalIssuer) -> "Office":
        """Set up a county with a platform and a committee."""
        name = fresh_name()
        url = await servers.create_database(name, await template("migrated"))
        db = await servers.open_as(url)
        office = cls(name, db, await asyncpg.connect(url), schema, issuer)
        await build(db, url, topics=0)
        committee = Committee(name="政协沁水县委员会", division_number=int(PLACE) * 10**6)
        async with as_owner(db) as tx:
            tx.add(committee)
        platform = await office.connection.fetchval("SELECT id FROM platform")
        office.known.ids["platform"].append(node_id("platform", platform))
        office.known.ids["committee"].append(node_id("committee", committee.id))
        await office.ledger.read()
        return office

    async def close(self) -> None:
        await self.connection.close()
        await self.db.close()
        await servers.drop_databases(self.name)

    async def act(self, verb: str, who: str, values: dict[str, Any]) -> dict[str, Any]:
        """Let somebody try a verb; return its payload after everything that has to hold was held."""
        called = self.verbs[verb][0]
        payload: dict[str, Any] = (await self.callers[who].data(mutation(verb, called), input=values))[verb]
        thing = payload[called]
        if payload["errors"]:
            assert thing is None
            await self.ledger.hold_unchanged()
            return payload
        kind, _, key = thing.get("id", "_").rpartition("_")
        if key and thing["id"] not in self.known.ids[kind]:
            self.known.ids[kind].append(thing["id"])
        await self.ledger.hold_taken(verb, key, values)
        await self.ledger.hold_always()
        await self.ledger.read()
        await self.learn()
        return payload

    async def learn(self) -> None:
        """Take in what acts made that their payloads did not name, and the grants now in force."""
        for kind, table in MADE:
            found = await self.connection.fetch(f"SELECT id FROM {table} ORDER BY id")
            self.known.ids[kind] = [node_id(kind, row["id"]) for row in found]
        await self.book.read()

    async def whole(self) -> None:
        """Hold that every chain of the trace is whole."""
        async with self.db.write() as tx:
            assert [walked.fault async for walked in walk(tx) if walked.fault is not None] == []

    def newest(self) -> list[tuple[str, str]]:
        """Return the newest thing of each kind with the state that it is in."""
        found = {}
        for (table, key), status in self.ledger.statuses.items():
            kind = KINDS.get(table, table)
            if self.known.ids[kind] and self.known.ids[kind][-1] == node_id(kind, key):
                found[kind] = status
        return sorted(one for one in found.items() if one in NEXT)


class Acts(RuleBasedStateMachine):
    """Everybody does anything, and now and then what is usually done next."""

    schema: Schema
    issuer: LocalIssuer
    tried: Counter[tuple[str, bool]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.office = self.runner.run(Office.open(self.schema, self.issuer))
        self.count = 0
        self.last: tuple[str, str, dict[str, Any], dict[str, Any]] | None = None
        for verb in ("seatMember", "publishDutyScheme"):
            self.do(verb, "secretariat", [])

    def teardown(self) -> None:
        self.runner.run(self.office.whole())
        self.runner.run(self.office.close())
        self.runner.close()

    @rule(seed=st.integers(0, 2**64 - 1))
    def somebody_acts(self, seed: int) -> None:
        """A seed chooses who does what, so that a run that failed is made smaller by leaving acts out."""
        chance = Random(seed or self.count)  # noqa: S311 -- no secret; the simplest run is not one act many times
        match chance.choices(("go on", "anything", "begin", "repeat"), (16, 8, 1, 1)):
            case ["anything"]:
                who = chance.choice((*CALLERS, *MOSTLY))
                self.do(chance.choice(sorted(self.office.verbs)), who, chance.choices(range(8), (12, *[1] * 7), k=8))
            case ["repeat"]:
                self.repeat()
            case ["go on"] if newest := self.office.newest():
                (one,) = chance.choices(newest, [WEIGHTS.get(kind, 1) for kind, _ in newest])
                self.do(*chance.choice(NEXT[one]), chance.choices(range(3), (12, 1, 1), k=8))
            case _:
                self.do(*chance.choice(BEGINNINGS), chance.choices(range(3), (8, 1, 1), k=8))

    def do(self, verb: str, who: str, numbers: list[int]) -> None:
        """Let somebody try a verb with an input chosen by numbers, under an idempotency key of its own."""
        self.count += 1
        values = self.office.verbs[verb][1](self.office.known.choosing(numbers)) | {
            "idempotencyKey": f"act {self.count}"
        }
        if values.get("author") == "$member":
            values["author"] = self.office.known.one("member")
        note(f"{who}: {verb} {values}")
        payload = self.runner.run(self.office.act(verb, who, values))
        self.tried[verb, payload["errors"] == []] += 1
        if payload["errors"] == []:
            self.last = (verb, who, values, payload)

    def repeat(self) -> None:
        """What was done under the same key is not done again, and the answer names the same thing."""
        if self.last is not None:
            verb, who, values, payload = self.last
            again = self.runner.run(
                self.office.callers[who].data(mutation(verb, self.office.verbs[verb][0]), input=values)
            )
            self.runner.run(self.office.ledger.hold_unchanged())
            assert again[verb] == payload


@pytest.mark.timeout(300)
def test_whatever_is_tried_leaves_everything_true(schema: Schema, issuer: LocalIssuer) -> None:
    tried = Counter[tuple[str, bool]]()
    machine = type("AnyActs", (Acts,), {"schema": schema, "issuer": issuer, "tried": tried})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,  # a shared machine
            phases=[Phase.generate, Phase.shrink],
            print_blob=True,
            suppress_health_check=list(HealthCheck),  # an act is slow beside its choice
        ),
    )
    taken = {verb for verb, is_taken in tried if is_taken}
    assert len(taken) >= LEAST, sorted(set(every_verb(schema.core)) - taken)
    assert tried["assessMember", True] > 0, tried
