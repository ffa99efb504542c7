"""A topic with marked words in every text that may be redacted, what redacts them, and every way of reading them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_union_type,
)

from graph.exports.formats import FORMATS
from graph.exports.lists import LISTS
from services.core.actor import Role
from services.core.database import Database
from services.core.ids import as_of_suffix
from tests.graph.api import Api

MARK = "zqmarked"
STAFF = ("CADRE", "SECRETARIAT", "APPROVER", "AUDITOR")
OTHERS = ("anonymous", "RESIDENT", "MEMBER", "OPERATOR", "DEPARTMENT of qinshui-forestry")
DEEP = 3
"""How far all fields are followed from the topic."""
WHY = {"reason": "涉及个人信息"}
PLATFORM = '{ platforms(filter: {within: "140521"}, first: 1) { nodes { id } } }'
TYPES = {"redacted": "Matter", "hidden": "Matter", "followUp": "FollowUp", "proof": "Evidence"}
"""The types of things that are not called as they are."""
BY_ID = ("node", "as of", "_entities")
BENEATH = {
    '{ department(code: "qinshui-forestry") { commitments%s } }': "Commitment",
    '{ division(code: "140521") { practiceCenters { activities%s } } }': "Activity",
}
"""Lists beneath something, with the types of what they list."""
ALL = frozenset({*BY_ID, "list", "search", "export", "trace", "subscription"})


@dataclass(frozen=True)
class Case:
    """What a verb redacts: the thing, what is published in its place, and the words that nobody but staff reads."""

    thing: str
    words: tuple[str, ...]
    ways: frozenset[str]
    """The ways in which everybody read some of the words before."""
    published: Mapping[str, str] = field(default_factory=dict)


CASES: Mapping[str, Case] = {
    "redactMatter": Case(
        "redacted", ("mattertitle", "matterbody"), ALL,
        {"publishedTitle": "道路破损", "publishedDescription": "路面需要修补。"},
    ),
    "hideMatter": Case("hidden", ("hiddentitle", "hiddenbody"), ALL),
    "redactTopic": Case(
        "topic", ("topictitle", "topicsummary", "resolution"), ALL,
        {"publishedTitle": "林地", "publishedSummary": "林地界址", "publishedResolution": "已办结"},
    ),
    "redactSession": Case(
        "session", ("venue", "convener", "minutes"), ALL - {"search"},
        {"publishedVenue": "村里", "publishedConvener": "召集人", "publishedMinutes": "略"},
    ),
    "redactOpinion": Case("opinion", ("opinion",), frozenset({*BY_ID, "list", "subscription"})),
    "redactOutcome": Case("outcome", ("agreement",), ALL, {"publishedAgreement": "补植"}),
    "redactCommitment": Case("commitment", ("task",), ALL - {"search"}, {"publishedTask": "补植"}),
    "redactProgress": Case("progress", ("progress",), frozenset({*BY_ID, "list", "subscription"})),
    "redactVerdict": Case("verdict", ("verdict",), frozenset({*BY_ID, "list", "subscription"})),
    "redactEvidence": Case("evidence", ("taskproof",), frozenset({*BY_ID, "list", "subscription"})),
    "redactEvidence of a topic": Case(
        "proof", ("topicproof",), frozenset({*BY_ID, "list", "subscription"}), {"publishedUrl": "https://example.org/"}
    ),
    "redactConversion": Case(
        "conversion", ("conversion",), frozenset({*BY_ID, "list", "trace", "subscription"}), {"publishedTitle": "建议"}
    ),
    "redactFollowUp": Case("followUp", ("comment",), frozenset({*BY_ID, "list", "subscription"})),
    "redactActivity": Case("activity", ("activity",), frozenset({*BY_ID, "list"})),
    "redactTraceEntry": Case("traceEntry", ("leftopen",), frozenset({*BY_ID, "list", "trace", "subscription"})),
}  # fmt: skip
WORDS = tuple(f"{MARK}{word}" for case in CASES.values() for word in case.words)


def marked(word: str, version: str = "") -> str:
    """Return a text that has a marked word."""
    return f"{MARK}{word} {version}".rstrip()


@dataclass
class Told:
    """The topic's things by name, and instants of their history."""

    api: Api
    db: Database
    ids: dict[str, str] = field(default_factory=dict)
    instants: list[datetime] = field(default_factory=list)

    def now(self) -> None:
        self.instants.append(datetime.now(UTC))

    def caller(self, who: str) -> Api:
        """Return somebody who is none of those that wrote the words."""
        role, _, department = who.partition(" of ")
        if who == "anonymous":
            return self.api.anonymous()
        return self.api.as_(Role(role), None if department else "140521", department or None, subject=f"other {who}")

    async def tell(self) -> None:
        """Let everything be written, then put right where that is possible: the old words stand in histories."""
        await self._propose()
        await self._consult()
        await self._work()
        self.now()
        await self._correct()
        self.now()

    async def _propose(self) -> None:
        api, ids = self.api, self.ids
        resident = api.as_(Role.RESIDENT, "140521", subject="resident")
        place = {"platform": (await api.data(PLATFORM))["platforms"]["nodes"][0]["id"], "category": "ROADS"}
        ids["platform"] = place["platform"]
        words = {"title": marked("topictitle", "一"), "summary": marked("topicsummary", "一")}
        ids["topic"] = (await api.do("proposeTopic", "topic { id }", **place, **words, kind="MICRO"))["id"]
        for name, word in (("redacted", "matter"), ("hidden", "hidden")):
            words = {"title": marked(f"{word}title"), "description": marked(f"{word}body")}
            ids[name] = (await resident.do("raiseMatter", "matter { id }", **place, **words))["id"]
            await api.do("acceptMatter", "matter { id }", matter=ids[name])
            await api.do("listMatter", "matter { id }", matter=ids[name], topic=ids["topic"])

    async def _consult(self) -> None:
        api, ids, topic = self.api, self.ids, {"topic": self.ids["topic"]}
        await api.do("involveDepartment", "topic { id }", **topic, department="qinshui-forestry", role="LEAD")
        await api.do("listTopic", "topic { id }", **topic)
        words = {"venue": marked("venue", "一"), "convener": marked("convener")}
        at = {"platform": ids["platform"], "topics": [ids["topic"]], "scheduledAt": "2097-05-01T09:00:00+08:00"}
        ids["session"] = (await api.do("scheduleSession", "session { id }", **at, **words))["id"]
        said = {"opinions": [{"role": "RESIDENT", "text": marked("opinion")}], "attendances": [{"role": "RESIDENT"}]}
        session = {"session": ids["session"], "minutes": marked("minutes", "一")}
        held = await api.do("recordSession", "session { opinions { id } }", **session, **said)
        ids["opinion"] = held["opinions"][0]["id"]
        agreed = {**topic, "session": ids["session"], "agreement": marked("agreement", "一")}
        ids["outcome"] = (await api.do("recordOutcome", "outcome { id }", **agreed))["id"]

    async def _work(self) -> None:
        api, ids, topic = self.api, self.ids, {"topic": self.ids["topic"]}
        department = api.as_(Role.DEPARTMENT, department="qinshui-forestry", subject="forestry")
        resident = api.as_(Role.RESIDENT, "140521", subject="resident")
        task = {"outcome": ids["outcome"], "department": "qinshui-forestry", "task": marked("task", "一")}
        commitment = await api.do("assignCommitment", "commitment { id }", **task)
        ids["commitment"] = commitment["id"]
        of = {"commitment": commitment["id"]}
        await department.do("acceptCommitment", "commitment { id }", **of)
        done = await department.do(
            "reportProgress", "commitment { progress { id } }", **of, percent=50, note=marked("progress")
        )
        ids["progress"] = done["progress"][0]["id"]
        done = await department.do(
            "completeCommitment", "commitment { evidence { id } }", **of, evidence=proofs("task")
        )
        ids["evidence"] = done["evidence"][0]["id"]
        said = await resident.do("disputeCommitment", "commitment { verdicts { id } }", **of, reason=marked("verdict"))
        ids["verdict"] = said["verdicts"][0]["id"]
        document = {"outcome": ids["outcome"], "kind": "SUGGESTION", "title": marked("conversion", "一")}
        ids["conversion"] = (await api.do("convertOutcome", "conversion { id }", **document))["id"]
        answer = {**topic, "role": "RESIDENT", "score": 4, "confirmsFix": True, "comment": marked("comment")}
        ids["followUp"] = (await resident.do("recordFollowUp", "followUp { id }", **answer))["id"]
        place = {"division": "140521"}
        center = await api.do(
            "openPracticeCenter", "practiceCenter { id }", **place, name="另一中心", areas=["协商议事厅"]
        )
        held = {"kind": "委员学堂", "title": marked("activity"), "heldOn": "2026-05-01", "center": center["id"]}
        ids["activity"] = (await api.do("recordActivity", "activity { id }", **held))["id"]
        resolved = {"summary": marked("resolution"), "evidence": proofs("topic")}
        left = [{**of, "reason": marked("leftopen")}]
        asked = "topic { evidence { id } trace { id act } }"
        solved = await api.do("resolveTopic", asked, **topic, **resolved, openCommitments=left)
        ids["proof"] = solved["evidence"][0]["id"]
        (ids["traceEntry"],) = (one["id"] for one in solved["trace"] if one["act"] == "commitment.left_open")

    async def _correct(self) -> None:
        for verb, thing, words in (
            ("correctTopic", "topic", {"title": "topictitle", "summary": "topicsummary"}),
            ("correctSession", "session", {"venue": "venue", "minutes": "minutes"}),
            ("correctOutcome", "outcome", {"agreement": "agreement"}),
            ("correctCommitment", "commitment", {"task": "task"}),
            ("correctConversion", "conversion", {"title": "conversion"}),
        ):
            values = {name: marked(word, "二") for name, word in words.items()}
            await self.api.do(verb, f"{thing} {{ id }}", **{thing: self.ids[thing]}, **values, reason="误记")

    async def redact(self, *verbs: str) -> None:
        """Let the public read other words."""
        for name in verbs or CASES:
            case, verb = CASES[name], name.split()[0]
            called = {"redacted": "matter", "hidden": "matter", "proof": "evidence"}.get(case.thing, case.thing)
            values = {called: self.ids[case.thing], **case.published, **WHY}
            await self.api.do(verb, f"{called} {{ __typename }}", **values)
        self.now()


def proofs(word: str) -> list[dict[str, str]]:
    """Return documents whose address and note have a marked word."""
    return [{"url": f"https://example.org/{MARK}{word}proof", "note": marked(f"{word}proof")}]


def everything_of(type_: GraphQLNamedType, schema: GraphQLSchema, depth: int) -> str:
    """Return a selection of all fields of a type without required arguments, objects as deep as asked."""
    if is_union_type(type_):
        return "{ " + " ".join(f"... on {one.name} {{ id }}" for one in type_.types) + " }"
    assert hasattr(type_, "fields"), type_
    return "{ __typename " + " ".join(fields_of(type_, schema, depth)) + " }"


def fields_of(type_: Any, schema: GraphQLSchema, depth: int) -> Iterator[str]:
    for name, one in type_.fields.items():
        inner = get_named_type(one.type)
        if any(is_required_argument(argument) for argument in one.args.values()):
            continue
        if is_leaf_type(inner):
            yield name
        elif depth > 0 and name not in {"statistics", "edges", "notices", "viewer", "platform", "division"}:
            yield f"{name} {everything_of(inner, schema, depth - 1)}"


class Reading:
    """What somebody reads of the topic's things, by the way of reading."""

    def __init__(self, told: Told, who: Api, schema: GraphQLSchema, subgraph: Api) -> None:
        self.told = told
        self.who = who
        self.schema = schema
        self.subgraph = subgraph.anonymous()
        self.subgraph.http.headers.update({k: v for k, v in who.http.headers.items() if k == "authorization"})

    async def everything(self) -> dict[str, str]:
        """Return all that somebody reads."""
        return {
            "node": await self.by_id(""),
            "as of": "".join([await self.by_id(as_of_suffix(instant)) for instant in self.told.instants]),
            "_entities": await self.entities(),
            "list": await self.lists(),
            "search": await self.found(),
            "export": await self.exports(),
            "trace": await self.trace(),
        }

    def things(self) -> Iterator[tuple[str, str, str]]:
        """Give the things that have a node, each with its type and a selection of all that can be read of it."""
        for name, key in self.told.ids.items():
            kind = TYPES.get(name, f"{name[0].upper()}{name[1:]}")
            type_ = self.schema.type_map[kind]
            if kind not in {"TraceEntry", "Platform"}:
                assert isinstance(type_, GraphQLObjectType)
                yield key, kind, f"... on {kind} {everything_of(type_, self.schema, DEEP if name == 'topic' else 1)}"

    async def by_id(self, suffix: str) -> str:
        return "".join(
            [
                text(await self.who.answer(f"query ($id: ID!) {{ node(id: $id) {{ {asked} }} }}", id=key + suffix))
                for key, _, asked in self.things()
            ]
        )

    async def entities(self) -> str:
        found = ""
        for key, kind, asked in self.things():
            query = f"query ($of: [_Any!]!) {{ _entities(representations: $of) {{ {asked} }} }}"
            found += text(await self.subgraph.answer(query, of=[{"__typename": kind, "id": key}]))
        return found

    async def lists(self) -> str:
        found = ""
        for name, kind in (("topics", "Topic"), ("sessions", "Session"), ("matters", "Matter")):
            asked = everything_of(self.schema.type_map[kind], self.schema, 1)
            listed = f'{{ {name}(filter: {{within: "140521"}}, last: 50) {{ nodes {asked} }} }}'
            found += text(await self.who.answer(listed))
        for place, kind in BENEATH.items():
            asked = everything_of(self.schema.type_map[kind], self.schema, 1)
            found += text(await self.who.answer(place % f"(first: 100) {{ nodes {asked} }}"))
        return found

    async def found(self) -> str:
        """Return the words that find something."""
        found = ""
        query = """query ($text: String!) {
          search(text: $text) { totalCount } topics(filter: {text: $text}) { totalCount } }"""
        for word in WORDS:
            answer = await self.who.data(query, text=word)
            found += word if answer["search"]["totalCount"] or answer["topics"]["totalCount"] else ""
        return found

    async def exports(self) -> str:
        found = ""
        for list_, format_ in product(LISTS, FORMATS):
            response = await self.who.http.get(f"/export/{list_}.{format_}")
            assert response.status_code == 200, response.text
            found += response.text
        return found

    async def trace(self) -> str:
        asked = "trace { act summary }"
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Topic {{ {asked} matters {{ {asked} }} }} }} }}"
        return text(await self.who.answer(query, id=self.told.ids["topic"]))


def text(answer: dict[str, Any]) -> str:
    """Return an answer as text; errors fail."""
    assert "errors" not in answer, answer
    return json.dumps(answer, ensure_ascii=False)
