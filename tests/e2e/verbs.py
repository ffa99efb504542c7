"""Every verb of the API with an input made of what is known, fit for its state or not."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_input_field,
)

from graph.inputs.fields import BOUND, KIND
from services.core.bounds import Text
from tests.graph.ends.inputs import some, verbs

PLACE, TOWN = "140521", "140521201"
DEPARTMENTS = ("qinshui-court", "qinshui-forestry", "qinshui-power")
NOBODY = "00000000-0000-7000-8000-000000000000"
TEXTS = ("漏水", "补植", " ", "长" * 10_001)
DOCUMENTS: tuple[list[dict[str, str]], ...] = (
    [{"url": "https://example.org/1"}],
    [{"url": "https://example.org/2", "sha256": "AB" * 32}, {"url": "http://example.org/3"}],
    [],
    [{"url": "nowhere"}],
)
PARTS = ("RESIDENT", "STAKEHOLDER", "MEMBER", "CADRE", "DEPARTMENT")
TIMES = ("2097-05-01T09:00:00+08:00", "2097-12-31T23:30:00+08:00", "2026-03-01T09:00:00+08:00")


class Known:
    """The global ids that acts gave, by kind, and the numbers by which the next act chooses."""

    def __init__(self) -> None:
        self.ids: dict[str, list[str]] = defaultdict(list)
        self._numbers: list[int] = []

    def choosing(self, numbers: Sequence[int]) -> "Known":
        """Let the next choices be made by these numbers; zeros, where they are used up, stand for the newest."""
        self._numbers = list(numbers)
        return self

    def number(self) -> int:
        return self._numbers.pop(0) if self._numbers else 0

    def one(self, kind: str) -> str:
        """Return a thing's id, of one that does not exist where none is known."""
        known = self.ids[kind]
        return known[-1 - self.number() % len(known)] if known else f"{kind}_{NOBODY}"

    def of(self, values: Sequence[Any]) -> Any:
        """Return one of some values; the first is a fit one."""
        return values[self.number() % len(values)]

    def text(self) -> str:
        return str(self.of(TEXTS))

    def some(self, kind: str) -> list[str]:
        return [self.one(kind) for _ in range(1 + self.number() % 2)]


def topic(known: Known) -> dict[str, Any]:
    return {"topic": known.one("topic"), "expectedVersion": known.of((None, None, None, 1))}


def matter(known: Known) -> dict[str, Any]:
    return {"matter": known.one("matter"), "expectedVersion": known.of((None, None, None, 1))}


def plan(known: Known) -> dict[str, Any]:
    return {"plan": known.one("annualplan"), "expectedRevision": known.of((None, None, None, 1))}


def commitment(known: Known) -> dict[str, Any]:
    return {"commitment": known.one("commitment")}


def wrong(known: Known) -> dict[str, Any]:
    """Return why a record is put right."""
    return {"reason": known.of(("误记", "误记", " "))}


def document(known: Known) -> dict[str, Any]:
    return {"kind": known.of(("PROPOSAL", "SUGGESTION")), "title": known.text(), "author": known.of((None, "$member"))}


def part(known: Known) -> dict[str, Any]:
    """Return in which part somebody speaks or comes; of a member, which."""
    role = known.of(PARTS)
    return {"role": role, "member": known.one("member") if role == "MEMBER" and known.ids["member"] else None}


def opinions(known: Known) -> list[dict[str, Any]]:
    return [{**part(known), "text": known.text(), "topic": known.one("topic")}] * (known.number() % 2)


Verb = tuple[str, Callable[[Known], dict[str, Any]]]
"""The thing in a verb's payload, and its input."""

VERBS: dict[str, Verb] = {
    "raiseMatter": (
        "matter",
        lambda k: {"platform": k.one("platform"), "title": k.text(), "description": k.text(), "category": "ROADS"},
    ),
    "acceptMatter": ("matter", matter),
    "answerMatter": ("matter", lambda k: {**matter(k), "answer": k.text()}),
    "declineMatter": ("matter", lambda k: {**matter(k), "reason": k.text()}),
    "listMatter": ("matter", lambda k: {**matter(k), "topic": k.one("topic")}),
    "proposeTopic": (
        "topic",
        lambda k: {
            "platform": k.one("platform"),
            "title": k.text(),
            "kind": k.of(("MICRO", "KEY")),
            "category": "ROADS",
            "matters": k.some("matter") if k.number() % 2 else [],
        },
    ),
    "listTopic": ("topic", topic),
    "involveDepartment": (
        "topic",
        lambda k: {"topic": k.one("topic"), "department": k.of(DEPARTMENTS), "role": k.of(("SUPPORT", "LEAD"))},
    ),
    "releaseDepartment": ("topic", lambda k: {"topic": k.one("topic"), "department": k.of(DEPARTMENTS)}),
    "withdrawTopic": ("topic", lambda k: {**topic(k), "reason": k.text()}),
    "resolveTopic": (
        "topic",
        lambda k: {
            **topic(k),
            "summary": k.text(),
            "evidence": k.of(DOCUMENTS),
            "openCommitments": [
                {"commitment": one, "reason": k.of(("排期在下月", " "))}
                for one in k.ids["commitment"][: k.of((0, 1, 9))]
            ],
        },
    ),
    "reopenTopic": ("topic", lambda k: {**topic(k), "reason": k.text()}),
    "draftPlan": ("plan", lambda k: {"platform": k.one("platform"), "year": k.of((2097, 2026, 1999))}),
    "addPlanItem": (
        "plan",
        lambda k: {**plan(k), "topic": k.one("topic"), "quarter": k.of((None, 4, 5)), "position": k.of((None, 1, 9))},
    ),
    "movePlanItem": (
        "plan",
        lambda k: {**plan(k), "topic": k.one("topic"), "quarter": k.of((None, 4, 5)), "position": k.of((1, 2, 9))},
    ),
    "removePlanItem": ("plan", lambda k: {**plan(k), "topic": k.one("topic")}),
    "submitPlan": ("plan", plan),
    "approvePlan": ("plan", lambda k: {**plan(k), "approvingBody": k.text()}),
    "returnPlan": ("plan", lambda k: {**plan(k), "reason": k.text()}),
    "scheduleSession": (
        "session",
        lambda k: {
            "platform": k.one("platform"),
            "topics": k.some("topic"),
            "scheduledAt": k.of(TIMES),
            "venue": k.of(("议事厅", "")),
        },
    ),
    "rescheduleSession": (
        "session",
        lambda k: {
            "session": k.one("session"),
            "scheduledAt": k.of((*TIMES, None)),
            "postpone": k.of((False, True)),
            "venue": k.of((None, "院里")),
        },
    ),
    "cancelSession": ("session", lambda k: {"session": k.one("session"), "reason": k.text()}),
    "recordSession": (
        "session",
        lambda k: {
            "session": k.one("session"),
            "headcount": k.of((None, 7, 0)),
            "attendances": [part(k), part(k)],
            "opinions": opinions(k),
        },
    ),
    "recordMinutes": ("session", lambda k: {"session": k.one("session"), "minutes": k.text()}),
    "addOpinion": (
        "opinion",
        lambda k: {
            "session": k.one("session"),
            **part(k),
            "text": k.text(),
            "topic": k.one("topic") if k.number() % 2 else None,
        },
    ),
    "recordOutcome": (
        "outcome",
        lambda k: {**topic(k), "agreement": k.text(), "session": k.one("session") if k.number() % 2 else None},
    ),
    "assignCommitment": (
        "commitment",
        lambda k: {
            "outcome": k.one("outcome"),
            "department": k.of(DEPARTMENTS),
            "task": k.text(),
            "dueOn": k.of((None, "2097-06-30", "2020-01-01")),
        },
    ),
    "acceptCommitment": ("commitment", commitment),
    "declineCommitment": ("commitment", lambda k: {**commitment(k), "reason": k.text()}),
    "reportProgress": ("commitment", lambda k: {**commitment(k), "percent": k.of((None, 50, 101)), "note": k.text()}),
    "completeCommitment": ("commitment", lambda k: {**commitment(k), "evidence": k.of(DOCUMENTS)}),
    "verifyCommitment": ("commitment", commitment),
    "disputeCommitment": ("commitment", lambda k: {**commitment(k), "reason": k.text()}),
    "convertOutcome": ("conversion", lambda k: {**document(k), "outcome": k.one("outcome")}),
    "convertOpinion": ("conversion", lambda k: {**document(k), "opinion": k.one("opinion")}),
    "fileConversion": ("conversion", lambda k: {"conversion": k.one("conversion"), "filed": k.of((True, False))}),
    "recordFollowUp": (
        "followUp",
        lambda k: {
            "topic": k.one("topic"),
            "role": k.of(PARTS),
            "score": k.of((5, 1, 6)),
            "confirmsFix": k.of((True, False)),
            "channel": k.of((None, None, "ONLINE", "TELEPHONE", "VISIT")),
            "respondent": k.of((None, None, "1号楼居民", "2号楼居民")),
        },
    ),
    "correctTopic": (
        "topic",
        lambda k: {**topic(k), **wrong(k), "title": k.text(), "category": k.of((None, "SAFETY"))},
    ),
    "correctSession": (
        "session",
        lambda k: {
            "session": k.one("session"),
            **wrong(k),
            "headcount": k.of((21, 3, None, -1)),
            "heldAt": k.of((None, "2024-05-01T09:30:00+08:00", "2999-01-01T00:00:00Z")),
            "minutes": k.of((None, "补记")),
        },
    ),
    "correctOutcome": (
        "outcome",
        lambda k: {
            "outcome": k.one("outcome"),
            **wrong(k),
            "agreement": k.text(),
            "reachedOn": k.of((None, "2024-05-02")),
        },
    ),
    "correctCommitment": (
        "commitment",
        lambda k: {**commitment(k), **wrong(k), "dueOn": k.of(("2098-06-30", "2020-01-01", None)), "task": k.text()},
    ),
    "correctConversion": (
        "conversion",
        lambda k: {"conversion": k.one("conversion"), **wrong(k), "title": k.text()},
    ),
    "redactMatter": (
        "matter",
        lambda k: {**matter(k), **wrong(k), "publishedTitle": k.text(), "publishedDescription": k.of((None, "已改写"))},
    ),
    "redactTopic": ("topic", lambda k: {**topic(k), **wrong(k), "publishedTitle": k.text()}),
    "redactSession": (
        "session",
        lambda k: {"session": k.one("session"), **wrong(k), "publishedVenue": k.of(("已改写", " "))},
    ),
    "redactOutcome": ("outcome", lambda k: {"outcome": k.one("outcome"), **wrong(k)}),
    "redactCommitment": (
        "commitment",
        lambda k: {**commitment(k), **wrong(k), "publishedTask": k.of((None, "已改写"))},
    ),
    "redactProgress": ("progress", lambda k: {"progress": k.one("progress"), **wrong(k)}),
    "redactEvidence": ("evidence", lambda k: {"evidence": k.one("evidence"), **wrong(k)}),
    "redactVerdict": ("verdict", lambda k: {"verdict": k.one("verdict"), **wrong(k)}),
    "redactConversion": ("conversion", lambda k: {"conversion": k.one("conversion"), **wrong(k)}),
    "redactActivity": ("activity", lambda k: {"activity": k.one("activity"), **wrong(k)}),
    "redactTraceEntry": (
        "traceEntry",
        lambda k: {"traceEntry": k.one("traceentry"), **wrong(k), "publishedSummary": k.of((None, "已改写"))},
    ),
    "hideMatter": ("matter", lambda k: {**matter(k), **wrong(k)}),
    "showMatter": ("matter", lambda k: {**matter(k), **wrong(k)}),
    "redactOpinion": (
        "opinion",
        lambda k: {"opinion": k.one("opinion"), **wrong(k), "publishedText": k.of((None, "已改写"))},
    ),
    "redactFollowUp": (
        "followUp",
        lambda k: {"followUp": k.one("followup"), **wrong(k), "publishedComment": k.of((None, "已改写"))},
    ),
    "openPlatform": (
        "platform",
        lambda k: {
            "code": k.of(("P140521-01", "P140521-02", "p")),
            "name": "分平台",
            "tier": "SUB",
            "kind": "TOWNSHIP",
            "division": PLACE,
            "parent": k.one("platform"),
        },
    ),
    "closePlatform": ("platform", lambda k: {"platform": k.one("platform")}),
    "seatMember": ("member", lambda k: {"committee": k.one("committee"), "name": k.text(), "sector": "农业"}),
    "linkMember": ("member", lambda k: {"member": k.one("member"), "subject": k.of(("member", "newcomer"))}),
    "launchBrand": ("brand", lambda k: {"name": k.text(), "division": PLACE}),
    "openPracticeCenter": (
        "practiceCenter",
        lambda k: {"name": k.text(), "division": PLACE, "areas": k.of((["协商议事厅"], []))},
    ),
    "recordActivity": (
        "activity",
        lambda k: {
            "kind": "委员学堂",
            "title": k.text(),
            "heldOn": k.of(("2026-05-01", "2999-01-01")),
            "division": PLACE,
            "members": k.some("member") if k.ids["member"] else [],
        },
    ),
    "publishDutyScheme": (
        "dutyScheme",
        lambda k: {
            "committee": k.one("committee"),
            "name": "33216",
            "firstYear": k.of((2026, 1999)),
            "cap": k.of((None, 5.0)),
            "rules": [
                {"act": act, "points": k.of((2.0, 0.5)), "cap": k.of((None, 3.0))}
                for act in ("ATTENDED", "OPINION", "OPINION_CONVERTED", "PROPOSAL_FILED", "ACTIVITY")
            ],
            "grades": [{"name": "优秀", "from": 4.0}],
        },
    ),
    "assessMember": ("dutyAssessment", lambda k: {"member": k.one("member"), "year": k.of((2026, 2025, 2999))}),
    "disableDepartment": ("department", lambda k: {"department": k.of(DEPARTMENTS)}),
    "enableDepartment": ("department", lambda k: {"department": k.of(DEPARTMENTS)}),
    "sendTestNotice": ("notice", lambda k: {"department": k.of(DEPARTMENTS)}),
    "replayNotices": ("department", lambda k: {"department": k.of(DEPARTMENTS)}),
    "skipNotice": ("notice", lambda k: {"notice": k.one("notice"), "reason": k.text()}),
    "retryNotice": ("notice", lambda k: {"notice": k.one("notice")}),
    "answerNotice": (
        "notice",
        lambda k: {
            "notice": k.one("notice"),
            "receipt": k.of(("RECEIVED", "ACCEPTED", "DECLINED", "IN_PROGRESS", "COMPLETED")),
            "note": k.of((None, k.text())),
            "percent": k.of((None, 50, 101)),
            "evidence": k.of((None, [])),
        },
    ),
    "grantRole": (
        "grant",
        lambda k: {"subject": "newcomer", "role": k.of(("CADRE", "SECRETARIAT", "RESIDENT")), "division": PLACE},
    ),
    "revokeRole": ("grant", lambda k: {"grant": k.one("rolegrant")}),
}
"""Verbs of whose input more is known than the schema says, so that they are often taken."""


def every_verb(schema: GraphQLSchema) -> dict[str, Verb]:
    """Return all verbs; what VERBS does not say of one is drawn from the schema."""
    return {verb: (thing_of(schema, verb), partial(drawn, type_)) for verb, type_ in verbs(schema).items()} | VERBS


def thing_of(schema: GraphQLSchema, verb: str) -> str:
    """Return what a verb's payload calls its thing."""
    assert schema.mutation_type is not None
    payload = get_named_type(schema.mutation_type.fields[verb].type)
    (thing,) = payload.fields.keys() - {"errors", "warnings"}
    return str(thing)


def drawn(type_: GraphQLInputObjectType, known: Known) -> dict[str, Any]:
    """Return an input of what is known; now and then with a field that it may leave out."""
    return {
        name: value(field, known)
        for name, field in type_.fields.items()
        if name != "idempotencyKey" and (is_required_input_field(field) or known.number() % 3)
    }


def value(field: GraphQLInputField, known: Known) -> Any:
    """Return a value of a field: a known thing, one of a closed list, a text, or the least that it takes."""
    metadata, named = field.extensions["strawberry-definition"].metadata, get_named_type(field.type)
    if KIND in metadata:
        return known.some(metadata[KIND]) if is_list_type(get_nullable_type(field.type)) else known.one(metadata[KIND])
    if isinstance(named, GraphQLEnumType) and not is_list_type(get_nullable_type(field.type)):
        return known.of(list(named.values))
    bound = metadata.get(BOUND)
    return known.text() if isinstance(bound, Text) and not bound.form else some(field)


NEXT: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("matter", "RAISED"): (("acceptMatter", "cadre"),),
    ("matter", "ACCEPTED"): (("listMatter", "cadre"), ("answerMatter", "cadre"), ("declineMatter", "cadre")),
    ("topic", "PROPOSED"): (("listTopic", "cadre"), ("involveDepartment", "cadre")),
    ("topic", "LISTED"): (("scheduleSession", "cadre"), ("addPlanItem", "cadre"), ("involveDepartment", "cadre")),
    ("topic", "SCHEDULED"): (("recordSession", "cadre"), ("cancelSession", "cadre"), ("rescheduleSession", "cadre")),
    ("topic", "DELIBERATED"): (
        *(("recordOutcome", "cadre"), ("addOpinion", "member"), ("assessMember", "secretariat")),
        ("correctSession", "cadre"),
    ),
    ("topic", "IMPLEMENTING"): (
        *(("assignCommitment", "cadre"), ("resolveTopic", "cadre"), ("recordFollowUp", "resident")),
        *(("scheduleSession", "cadre"), ("convertOutcome", "secretariat"), ("convertOpinion", "cadre")),
        *(("assessMember", "secretariat"), ("correctOutcome", "cadre"), ("correctTopic", "cadre")),
    ),
    ("topic", "RESOLVED"): (("recordFollowUp", "resident"), ("reopenTopic", "cadre")),
    ("annualplan", "DRAFT"): (("addPlanItem", "cadre"), ("submitPlan", "secretariat")),
    ("annualplan", "SUBMITTED"): (("approvePlan", "approver"), ("returnPlan", "approver")),
    ("annualplan", "APPROVED"): (("draftPlan", "cadre"),),
    ("annualplan", "RETURNED"): (("draftPlan", "cadre"),),
    ("commitment", "ASSIGNED"): (
        *(("acceptCommitment", "cadre"), ("declineCommitment", "cadre"), ("correctCommitment", "cadre")),
    ),
    ("commitment", "ACCEPTED"): (("reportProgress", "cadre"), ("completeCommitment", "cadre")),
    ("commitment", "IN_PROGRESS"): (("completeCommitment", "cadre"), ("reportProgress", "cadre")),
    ("commitment", "DONE"): (("verifyCommitment", "resident"), ("disputeCommitment", "resident")),
    ("commitment", "DISPUTED"): (("reportProgress", "cadre"),),
    ("conversion", "UNDECIDED"): (("fileConversion", "secretariat"),),
}
"""What somebody usually does next about the newest thing of a kind in a state, and who."""
