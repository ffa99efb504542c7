"""Every verb by everybody: who may do it does it; who may not changes nothing, learns nothing and stands in the log."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from graph.schema import Schema
from services.access.book import GrantBook
from services.core.actor import Role
from services.core.security import SecurityEvent
from services.core.tokens import GrantClaim, LocalIssuer
from tests.e2e.verbs import NOBODY, PLACE
from tests.everything import everything
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.ends.inputs import verbs
from tests.graph.ends.office import BESIDE, BESIDE_CODE, Office
from tests.graph.ends.rights import ANOTHER, CASES, COURT, SIGHTS, WHO, Case, For
from tests.security import Kept

SOMEBODY = "somebody else"
CITY, TOWN = "1405", f"{PLACE}201"
ERRORS = "errors { code message path }"
AT_ONCE = 20
"""How many verbs a document has: the most that a request takes."""
GRANTED, REVOKED = "granted", "revoked"
BOOK = """INSERT INTO role_grant
(id, subject, role, division_number, department_id, granted_by, granted_at, revoked_by, revoked_at)
SELECT gen_random_uuid(), $1 || ' ' || role, role, $2, CASE WHEN role = 'DEPARTMENT' THEN
(SELECT id FROM department WHERE code = $3) END, 'somebody', now(), $4::text,
CASE WHEN $4::text IS NOT NULL THEN now() END
FROM unnest($5::text[]) AS role RETURNING id"""
PLACES: Mapping[str, tuple[str | None, bool, bool]] = {
    "here": (PLACE, True, False),
    "above": (CITY, True, True),
    "beside": (BESIDE, False, False),
    "beneath": (TOWN, False, False),
    "nowhere": (None, False, False),
}
"""By what a grant's place is called: its division, whether it covers the office's things, and more than their place."""
DEPARTMENT_CODES = {"addressed": COURT, "another": ANOTHER, "elsewhere": BESIDE_CODE}


@dataclass(frozen=True)
class Caller:
    """Somebody with a role somewhere, who is concerned by the things or not."""

    role: Role | None
    place: str
    concerned: bool = False
    departments: frozenset[str] = field(default=frozenset())
    """The departments that they act for."""

    @property
    def covers(self) -> bool:
        """Whether their role holds over the place of the office's things."""
        if self.role is Role.DEPARTMENT:
            return False
        return self.place == GRANTED or (self.place in PLACES and PLACES[self.place][1])

    def subject(self, case: Case) -> str:
        """Return as whom they come."""
        if self.place in {GRANTED, REVOKED}:
            return f"{self.place} {self.role}"
        return case.concerned if self.concerned else SOMEBODY

    def grants(self) -> list[GrantClaim]:
        """Return what their token carries."""
        if self.role is Role.DEPARTMENT and self.place in DEPARTMENT_CODES:
            return [GrantClaim(role=self.role, department=DEPARTMENT_CODES[self.place])]
        if self.role is None or self.place not in PLACES:
            return []
        return [GrantClaim(role=self.role, within=PLACES[self.place][0])]


def callers_of(role: Role | None) -> list[Caller]:
    """Return everybody with a role; without one, whoever only signed in."""
    if role is None:
        return [Caller(None, "none", concerned=concerned) for concerned in (False, True)]
    if role is Role.DEPARTMENT:
        found = [
            Caller(role, place, concerned, frozenset({code}))
            for place, code in DEPARTMENT_CODES.items()
            for concerned in (False, True)
        ]
        return [*found, Caller(role, GRANTED, departments=frozenset({COURT})), Caller(role, REVOKED)]
    found = [Caller(role, place, concerned) for place in PLACES for concerned in (False, True)]
    return [*found, Caller(role, GRANTED), Caller(role, REVOKED)]


def may(case: Case, caller: Caller) -> bool:
    """Tell whether the declaration lets a caller do a verb."""
    if caller.concerned and case.concerned_code:
        return False
    for_whom = {For.NONE: set(), For.ADDRESSED: {COURT}, For.PLACE: {COURT, ANOTHER}}[case.departments]
    if for_whom & caller.departments:
        return True
    if not caller.covers or (case.from_above and caller.place != "above"):
        return False
    if caller.concerned and caller.role in case.concerned_codes:
        return False
    return caller.role in case.may or (caller.concerned and caller.role in case.concerned_may)


def code(case: Case, caller: Caller) -> str:
    """Return how a caller is refused who sees the things."""
    if caller.concerned and case.concerned_code:
        return case.concerned_code
    holds = caller.covers or bool(caller.departments & {COURT, ANOTHER})
    if holds and caller.role is not None:
        if caller.concerned and caller.role in case.concerned_codes:
            return case.concerned_codes[caller.role]
        if caller.role in case.codes:
            return case.codes[caller.role]
    return "FORBIDDEN"


@dataclass(frozen=True)
class Thing:
    """A thing of the office that not everybody sees."""

    id: str
    published: bool
    subject: str | None
    departments: frozenset[str]

    def seen_by(self, caller: Caller, subject: str) -> bool:
        """Tell whether somebody sees it."""
        return (
            self.published
            or (caller.covers and caller.role in SIGHTS[self.id.rpartition("_")[0]].roles)
            or self.subject == subject
            or bool(self.departments & caller.departments)
        )


class Trial:
    """The office's verbs, tried by everybody, and what has to hold of each."""

    def __init__(self, office: Office, schema: Schema, issuer: LocalIssuer, book: GrantBook) -> None:
        self.office = office
        self.kept = Kept()
        self.issuer = issuer
        self.taken = Api(application(schema, office.db, issuer, book=book, body_bytes=1_000_000), issuer)
        self.refused = Api(
            application(schema, office.kept, issuer, book=book, body_bytes=1_000_000, security=self.kept.log), issuer
        )
        self.things: dict[str, Thing] = {}
        self.counts = {"taken": 0, "refused": 0, "hidden": 0}

    async def read(self) -> None:
        """Learn of the things that not everybody sees."""
        for case in CASES:
            for one in ids(self.values(case, SOMEBODY, concerned=False)):
                kind, _, key = one.rpartition("_")
                if kind in SIGHTS and one not in self.things:
                    found = await self.office.connection.fetchrow(SIGHTS[kind].facts, UUID(key))
                    assert found is not None, one
                    self.things[one] = Thing(one, found[0], found[1], frozenset(found[2]))

    def values(self, case: Case, subject: str, *, concerned: bool) -> dict[str, Any]:
        """Return a case's input as a subject gives it."""
        given = {**self.office.bases[case.verb][1], **case.values}
        who = subject if concerned else "whoever"
        return {name: who if value == WHO else value for name, value in given.items()}

    async def everything_of(self, caller: Caller) -> None:
        """Hold what has to hold of every verb tried by a caller."""
        by_subject: dict[str, list[Case]] = {}
        for case in CASES:
            by_subject.setdefault(caller.subject(case), []).append(case)
        for subject, cases in by_subject.items():
            let = [case for case in cases if may(case, caller)]
            for some in batched(let):
                await self.hold_taken(caller, subject, some)
            for some in batched([case for case in cases if case not in let]):
                await self.hold_refused(caller, subject, some)

    async def hold_taken(self, caller: Caller, subject: str, cases: Sequence[Case]) -> None:
        """Hold that a caller who may does all of these."""
        given = [self.values(case, subject, concerned=caller.concerned) for case in cases]
        answers = await self.ask(self.taken.signed_in(subject, *caller.grants()), cases, given)
        for case, (thing, errors) in zip(cases, answers, strict=True):
            assert (errors, thing is None) == ([], False), (case, caller, subject)
            self.counts["taken"] += 1

    async def hold_refused(self, caller: Caller, subject: str, cases: Sequence[Case]) -> None:
        """Hold that a caller who may not is refused all of these, told nothing more, and that it is noted."""
        api = self.refused.signed_in(subject, *caller.grants())
        given = [self.values(case, subject, concerned=caller.concerned) for case in cases]
        hidden = [
            {one for one in ids(values) if one in self.things and not self.things[one].seen_by(caller, subject)}
            for values in given
        ]
        wanted = ["NOT_FOUND" if unseen else code(case, caller) for case, unseen in zip(cases, hidden, strict=True)]
        answers = await self.hold_noted(api, subject, cases, given, wanted)
        blind = [at for at, unseen in enumerate(hidden) if unseen]
        if not blind:
            return
        missing = {one: missing_like(one, at) for at, one in enumerate(sorted(set().union(*hidden)))}
        absent = await self.ask(api, [cases[at] for at in blind], [replaced(given[at], missing) for at in blind])
        for at, (thing, errors) in zip(blind, absent, strict=True):
            assert (thing, errors) == replaced(answers[at], missing), (cases[at], caller, subject)
            self.counts["hidden"] += 1

    async def hold_noted(
        self,
        api: Api,
        subject: str | None,
        cases: Sequence[Case],
        given: Sequence[dict[str, Any]],
        wanted: Sequence[str],
    ) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Hold that each case is refused with its code and one line of the security log; return the answers."""
        self.kept.now += 100
        self.kept.lines.clear()
        before = self.kept.counted(SecurityEvent.ACT_REFUSED)
        answers = await self.ask(api, cases, given)
        for case, (thing, errors), code in zip(cases, answers, wanted, strict=True):
            assert (thing, [error["code"] for error in errors]) == (None, [code]), (case, subject, errors)
            self.counts["refused"] += 1
        requests = {fields["request"] for _, fields in self.kept.lines}
        assert self.kept.lines == [
            (
                "act.refused",
                {
                    "request": min(map(str, requests)),
                    "act": case.verb,
                    "reason": code,
                    "address": "127.0.0.1",
                    "subject": self.kept.log.hashed(subject),
                },
            )
            for case, code in zip(cases, wanted, strict=True)
        ]
        assert self.kept.counted(SecurityEvent.ACT_REFUSED) == before + len(cases)
        return answers

    async def ask(
        self, api: Api, cases: Sequence[Case], given: Sequence[dict[str, Any]]
    ) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Return what each of several verbs of one document gave, and its errors."""
        fields, variables = [], {}
        for at, (case, values) in enumerate(zip(cases, given, strict=True)):
            called, _ = self.office.thing(case.verb)
            fields.append(f"c{at}: {case.verb}(input: $i{at}) {{ thing: {called} {{ __typename }} {ERRORS} }}")
            variables[f"i{at}"] = {**values, "idempotencyKey": f"{at} {case.verb}"}
        declared = " ".join(f"$i{at}: {input_of(case.verb)}" for at, case in enumerate(cases))
        data = await api.data(f"mutation ({declared}) {{ {' '.join(fields)} }}", **variables)
        return [(data[f"c{at}"]["thing"], data[f"c{at}"]["errors"]) for at in range(len(cases))]


def batched(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    """Give cases by as many as one document takes."""
    return (cases[at : at + AT_ONCE] for at in range(0, len(cases), AT_ONCE))


def input_of(verb: str) -> str:
    """Return the type of a verb's input."""
    return f"{verb[0].upper()}{verb[1:]}Input!"


def ids(values: Any) -> Iterable[str]:
    """Give the global ids in an input."""
    if isinstance(values, str) and "_" in values:
        yield values
    elif isinstance(values, Mapping):
        for inner in values.values():
            yield from ids(inner)
    elif isinstance(values, list):
        for inner in values:
            yield from ids(inner)


def missing_like(one: str, number: int) -> str:
    """Return the id of a thing of the kind that does not exist."""
    return f"{one.rpartition('_')[0]}_{NOBODY[:-4]}{number + 1:04x}"


def replaced(values: Any, by: Mapping[str, str]) -> Any:
    """Return what an input or an answer is with other ids."""
    if isinstance(values, str):
        for one, other in by.items():
            values = values.replace(one, other)
        return values
    if isinstance(values, Mapping):
        return {name: replaced(inner, by) for name, inner in values.items()}
    if isinstance(values, list | tuple):
        return type(values)(replaced(inner, by) for inner in values)
    return values


@pytest.fixture(scope="session")
async def trial(office: Office, schema: Schema, issuer: LocalIssuer) -> AsyncIterator[Trial]:
    roles = [role.value for role in Role]
    number = int(PLACE) * 10**6
    given = [
        *await office.connection.fetch(BOOK, GRANTED, number, COURT, None, roles),
        *await office.connection.fetch(BOOK, REVOKED, number, COURT, "somebody", roles),
    ]
    book = GrantBook(office.db)
    await book.read()
    found = Trial(office, schema, issuer, book)
    await found.read()
    yield found
    await office.connection.execute("DELETE FROM role_grant WHERE id = ANY($1)", [row["id"] for row in given])


def test_every_verb_has_its_place_among_the_rights(schema: Schema) -> None:
    assert {case.verb for case in CASES} == verbs(schema.core).keys()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "signed in")
async def test_everybody_does_what_they_may_and_no_more(trial: Trial, role: Role | None) -> None:
    before = await everything(trial.office.connection)
    trial.counts = dict.fromkeys(trial.counts, 0)
    for caller in callers_of(role):
        await trial.everything_of(caller)
    assert await everything(trial.office.connection) == before
    assert sum((trial.counts["taken"], trial.counts["refused"])) == len(callers_of(role)) * len(CASES)
    assert trial.counts["hidden"] > 0


async def test_whoever_sends_no_token_is_refused_everything(trial: Trial) -> None:
    before = await everything(trial.office.connection)
    for some in batched(CASES):
        given = [trial.values(case, SOMEBODY, concerned=False) for case in some]
        await trial.hold_noted(trial.refused, None, some, given, ["UNAUTHENTICATED"] * len(some))
    assert await everything(trial.office.connection) == before


async def test_whoever_sends_an_expired_token_is_refused_before_any_verb(trial: Trial) -> None:
    before = await everything(trial.office.connection)
    then = datetime.now(UTC) - timedelta(days=1)
    grants = [GrantClaim(role=role, within=CITY) for role in Role if role is not Role.DEPARTMENT]
    token = trial.issuer.sign(SOMEBODY, grants, now=then, lifetime=timedelta(hours=1))
    api = Api(trial.refused.app, trial.issuer, token)
    for case in CASES:
        trial.kept.lines.clear()
        trial.kept.now += 100
        query = f"mutation ($input: {input_of(case.verb)}) {{ {case.verb}(input: $input) {{ {ERRORS} }} }}"
        values = trial.values(case, SOMEBODY, concerned=False)
        response = await api.http.post("/graphql", json={"query": query, "variables": {"input": values}})
        assert response.status_code == 401
        assert [(event, fields["reason"]) for event, fields in trial.kept.lines] == [
            ("sign_in.refused", "expired_token")
        ], case
    assert await everything(trial.office.connection) == before


ACROSS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], str]] = {
    "a proposed topic, in one's own plan": ("addPlanItem", ("annualplan",), ("topic",), "proposed"),
    "a proposed topic, in one's own session": ("scheduleSession", ("platform",), ("topics",), "proposed"),
    "a listed topic, in one's own session": ("scheduleSession", ("platform",), ("topics",), "listed"),
    "a matter, in a topic of one's own": ("proposeTopic", ("platform",), ("matters",), "matter"),
    "a matter, in a topic of one's own that stands": ("listMatter", ("topic",), ("matter",), "matter"),
    "a topic, for one's own department": ("involveDepartment", ("department",), ("topic",), "proposed"),
}
"""Verbs by somebody with every right over one county, on something of another: the fields that name things of their
own, those that name the other's, and what that is."""


@pytest.mark.parametrize("name", ACROSS)
async def test_rights_over_one_place_give_none_over_another(trial: Trial, name: str) -> None:
    verb, own, others, what = ACROSS[name]
    office, before = trial.office, await everything(trial.office.connection)
    theirs = {
        "proposed": office.bases["listTopic"][1]["topic"],
        "listed": office.bases["releaseDepartment"][1]["topic"],
        "matter": office.bases["acceptMatter"][1]["matter"],
    }[what]
    assert trial.things[theirs].published is (what == "listed")
    mine = {**office.beside, "department": BESIDE_CODE}
    named: dict[str, Any] = {"plan" if kind == "annualplan" else kind: mine[kind] for kind in own}
    named |= {field: [theirs] if field.endswith("s") else theirs for field in others}
    case = Case(verb, frozenset(), named)
    roles = [role for role in Role if role is not Role.DEPARTMENT]
    api = trial.refused.signed_in(SOMEBODY, *(GrantClaim(role=role, within=BESIDE) for role in roles))
    values = trial.values(case, SOMEBODY, concerned=False)
    wanted = "FORBIDDEN" if what == "listed" else "NOT_FOUND"
    (answer,) = await trial.hold_noted(api, SOMEBODY, [case], [values], [wanted])
    if what != "listed":
        missing = {theirs: missing_like(theirs, 0)}
        assert answer[1][0]["path"] == list(others)
        assert await trial.ask(api, [case], [replaced(values, missing)]) == [replaced(answer, missing)]
    assert await everything(trial.office.connection) == before


@pytest.mark.parametrize("verb", ["verifyCommitment", "disputeCommitment", "recordFollowUp"])
async def test_nobody_judges_the_work_of_the_department_that_they_act_for(trial: Trial, verb: str) -> None:
    (case, *_) = (case for case in CASES if case.verb == verb)
    grants = [GrantClaim(role=Role.RESIDENT, within=PLACE), GrantClaim(role=Role.DEPARTMENT, department=COURT)]
    values = trial.values(case, SOMEBODY, concerned=False)
    await trial.hold_noted(trial.refused.signed_in(SOMEBODY, *grants), SOMEBODY, [case], [values], ["OWN_WORK"])
