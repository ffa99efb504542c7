"""A county's office in which nearly every verb can be done: things of each kind in many states, and who does what."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

import asyncpg
from graphql import GraphQLInputObjectType, GraphQLNamedType, GraphQLSchema, get_named_type, is_list_type
from graphql import get_nullable_type as nullable
from sqlalchemy import text

from services.core.database import Database
from services.core.rights import SERVICE, Teller
from services.core.transaction import WriteTx
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.divisions.enums import DivisionLevel
from services.divisions.models import Division
from tests.e2e.verbs import DEPARTMENTS, VERBS, Known, thing_of
from tests.graph.api import Api, document
from tests.graph.ends.inputs import least
from tests.servers import as_owner

ORDER = ("secretariat", "approver", "member", "resident", "operator", "qinshui-court", "cadre")
"""Who tries a verb, in this order."""
BESIDE, BESIDE_CODE = "140522", "yangcheng-water"
"""Another county of the city, and its department."""
KINDS = {
    "topics": "topic", "matters": "matter", "members": "member", "plan": "annualplan", "author": "member",
    "parent": "platform", "events": "event",
}  # fmt: skip
"""Kinds of ids by the fields that are not called as they are."""
MADE = {
    "opinion": "opinion", "followup": "follow_up", "notice": "delivery", "event": "event", "progress": "progress",
    "evidence": "evidence", "verdict": "verdict", "traceentry": "trace_entry",
}  # fmt: skip
"""Kinds of things that payloads do not name, with their tables."""
DELIVERED = ("status = 'CONFIRMED', confirmed_at = now()", "status = 'PARKED'")
"""What became of the first notices; the others wait."""
MOST_TRIES = 150
Step = tuple[str, str, Mapping[str, Any]]


def by(who: str, *verbs: str) -> list[Step]:
    """Return steps of somebody, each with an input of the newest things."""
    return [(who, verb, {}) for verb in verbs]


def topic(after: int) -> list[Step]:
    """Return the steps of a topic that has come so far, the court involved."""
    course = ("listTopic", "scheduleSession", "recordSession", "recordOutcome", "resolveTopic")
    begun: list[Step] = [("secretariat", "involveDepartment", {"department": DEPARTMENTS[0]})]
    return [*by("secretariat", "proposeTopic"), *begun, *by("secretariat", *course[:after])]


def commitment(after: int) -> list[Step]:
    """Return the steps of the court's commitment that has come so far."""
    assigned: list[Step] = [("secretariat", "assignCommitment", {"department": DEPARTMENTS[0]})]
    return [*assigned, *by(DEPARTMENTS[0], *("acceptCommitment", "reportProgress", "completeCommitment")[:after])]


def plan(year: int) -> list[Step]:
    """Return the step of a draft of a year's plan."""
    return [("secretariat", "draftPlan", {"year": year})]


STORY: tuple[Step, ...] = (
    *by("secretariat", "seatMember", "linkMember"),
    ("secretariat", "publishDutyScheme", {"firstYear": 1949}),
    *by("secretariat", "launchBrand", "openPracticeCenter", "grantRole"),
    *by("resident", "raiseMatter"),
    *by("secretariat", "hideMatter"),
    *by("resident", "raiseMatter", "raiseMatter", "raiseMatter"),
    *by("secretariat", "acceptMatter"),
    *(step for after in range(6) for step in topic(after)),
    *topic(4),
    *commitment(3),
    ("resident", "verifyCommitment", {"note": "已核实"}),
    *(step for after in range(4) for step in commitment(after)),
    *by("secretariat", "recordActivity"),
    ("secretariat", "convertOutcome", {"author": "$member"}),
    *by("secretariat", "addOpinion"),
    ("resident", "recordFollowUp", {"comment": "修好了"}),
    *(*plan(2030), *plan(2031)),
    *by("secretariat", "addPlanItem", "submitPlan"),
    *plan(2032),
    *by("secretariat", "proposeTopic", "listTopic"),
    *plan(2033),
    *by("secretariat", "addPlanItem", "sendTestNotice"),
    ("secretariat", "openPlatform", {"code": "P140521-09", "openedOn": "2024-01-01"}),
)
"""What has been done before: who, which verb, and what its input has beside the newest of each kind."""


class _UndoneError(Exception):
    """All was done, and is taken back."""


async def nothing() -> None:
    """Leave a transaction open."""


class UndoneDatabase(Database):
    """A database whose every write is taken back at its end, after what else a commit would hold was held."""

    keeps = True
    """Whether writes stay, for now."""
    before_undone: Callable[[WriteTx], Awaitable[None]] | None = None
    """Is told of what is about to be taken back."""

    @asynccontextmanager
    async def write(self, teller: Teller = SERVICE, *, within_s: float | None = None) -> AsyncIterator[WriteTx]:
        try:
            async with super().write(teller, within_s=within_s) as tx:
                if not self.keeps:
                    tx.commit_with_read = nothing  # type: ignore[method-assign]
                yield tx
                if not self.keeps:
                    await tx.flush()
                    await tx.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                    if self.before_undone is not None:
                        await self.before_undone(tx)
                    raise _UndoneError  # noqa: TRY301 -- what takes it back stands around it
        except _UndoneError:
            pass


@dataclass
class Office:
    """Who acts, over which database, and what they know of it."""

    schema: GraphQLSchema
    db: UndoneDatabase
    kept: Database
    """The same database, in which what is written stays."""
    callers: Mapping[str, Api]
    known: Known
    connection: asyncpg.Connection
    beside: dict[str, str] = field(default_factory=dict)
    """The things of another county, by kind."""
    bases: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """By verb, who does it with which input and is not refused."""

    async def settle(self) -> None:
        """Let the story happen, as far as the rules let it; learn what there is."""
        for who, verb, values in STORY:
            example = VERBS[verb][1](self.known.choosing([]))
            given = {**example, **values}
            if given.get("author") == "$member":
                given["author"] = self.known.one("member")
            payload = await self.payload(who, verb, given, "id" if "id" in self.fields(verb) else "")
            for key, thing in payload.items():
                if key != "errors" and thing and "id" in thing:
                    self.known.ids[thing["id"].rpartition("_")[0]].append(thing["id"])
            await self.learn()
        async with self.db.write() as tx:
            for at, changed in enumerate(DELIVERED):
                key = self.known.ids["notice"][at].rpartition("_")[2]
                await tx.execute(text(f"UPDATE delivery SET {changed} WHERE id = '{key}'"))

    async def settle_beside(self, url: str) -> None:
        """Let another county have a department, a platform, a proposed topic and a draft of a plan."""
        upper, level = (int(BESIDE) + 1) * 10**6, DivisionLevel.COUNTY
        number, above = int(BESIDE) * 10**6, 14 * 10**10
        county = Division(number=number, upper=upper, code=BESIDE, name="阳城县", level=level, parent_number=above)
        department = Department(
            code=BESIDE_CODE, name="阳城县水务局", kind=DepartmentKind.OTHER, division_number=number
        )
        async with as_owner(url) as tx:
            for row in (county, department):
                tx.add(row)
                await tx.flush()
            tx.add(DepartmentChannel(department_id=department.id))
        place = {"name": "阳城县协商平台", "tier": "GENERAL", "kind": "COUNTY", "division": BESIDE}
        topic = {"title": "路灯", "kind": "MICRO", "category": "ROADS"}
        for verb, values in (
            ("openPlatform", {"code": f"P{BESIDE}", **place}),
            ("proposeTopic", topic),
            ("draftPlan", {"year": 2030}),
        ):
            at = {} if verb == "openPlatform" else {"platform": self.beside["platform"]}
            payload = await self.payload("secretariat", verb, {**at, **values}, "id")
            (thing,) = (thing for key, thing in payload.items() if key != "errors")
            self.beside[thing["id"].rpartition("_")[0]] = thing["id"]

    async def learn(self) -> None:
        """Take in what payloads do not name."""
        for kind, table in MADE.items():
            async with self.db.write() as tx:
                found = (await tx.execute(text(f"SELECT id FROM {table} ORDER BY id LIMIT 5"))).scalars()
                self.known.ids[kind] = [f"{kind}_{key}" for key in found]

    def thing(self, verb: str) -> tuple[str, GraphQLNamedType]:
        """Return what a payload calls its thing, and the type of it."""
        assert self.schema.mutation_type is not None
        payload = get_named_type(self.schema.mutation_type.fields[verb].type)
        name = thing_of(self.schema, verb)
        return name, get_named_type(payload.fields[name].type)

    def fields(self, verb: str) -> Mapping[str, Any]:
        """Return the fields of what a verb gives."""
        found: Mapping[str, Any] = getattr(self.thing(verb)[1], "fields", {})
        return found

    async def payload(self, who: str, verb: str, values: dict[str, Any], asked: str) -> dict[str, Any]:
        """Return what a verb gave; `asked` are the fields of its thing to read."""
        answer = await self.answer(who, verb, values, asked)
        assert "errors" not in answer, (verb, values, answer)
        found: dict[str, Any] = answer["data"][verb]
        return found

    async def payload_of(self, caller: Api, verb: str, values: dict[str, Any]) -> dict[str, Any]:
        """Return what a verb gave somebody, whom the office need not know."""
        name, _ = self.thing(verb)
        found: dict[str, Any] = (await caller.data(document(verb, f"{name} {{ __typename }}"), input=values))[verb]
        return found

    async def answer(self, who: str, verb: str, values: dict[str, Any], asked: str = "") -> dict[str, Any]:
        """Return the whole answer."""
        name, _ = self.thing(verb)
        query = document(verb, f"{name} {{ __typename {asked} }}")
        return await self.callers[who].answer(query, input=values)

    async def find_base(self, verb: str, type_: GraphQLInputObjectType) -> None:
        """Find somebody and an input that is not refused; where there is none, the example stands."""
        example = VERBS[verb][1](self.known.choosing([])) if verb in VERBS else least(type_)
        example = {name: value for name, value in example.items() if value is not None and value != "$member"}
        for who, values in islice(self._tries(type_, example), MOST_TRIES):
            self.bases[verb] = who, values
            if not (await self.payload(who, verb, values, ""))["errors"]:
                return
        self.bases[verb] = ORDER[0], example

    def _tries(self, type_: GraphQLInputObjectType, example: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give inputs with known ids in the place of the example's, and who might be let."""
        named = {
            name: KINDS.get(name, name.lower())
            for name in example
            if get_named_type(type_.fields[name].type).name == "ID"
        }
        choices = [self.known.ids[kind][::-1] or [example[name]] for name, kind in named.items()]
        for ids, who in product(product(*choices), ORDER):
            found = {
                name: [one] if is_list_type(nullable(type_.fields[name].type)) and isinstance(one, str) else one
                for name, one in zip(named, ids, strict=True)
            }
            yield who, {**example, **found}
