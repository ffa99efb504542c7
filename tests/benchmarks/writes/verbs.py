"""The verbs that are measured: what is prepared for each, and what is asked of whom."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

from services.core.ids import node_id
from services.search.terms import vector
from tests.benchmarks.contenders import Contender
from tests.benchmarks.writes.asked import document
from tests.benchmarks.writes.ground import Platform
from tests.benchmarks.writes.loader import GIVEN, Ask
from tests.benchmarks.writes.preparing import HELD, SESSION, TOPIC, Preparing

WORDS = (
    "小区东门外的路灯坏了三盏,晚上老人和孩子出门看不清台阶,已经有两位住户摔倒。"
    "物业说线路归市政,市政说移交手续没有办完,居民希望把责任说清楚,入冬前修好,并在台阶旁加装扶手。"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A mutation with its input. `told` is what functions in the database are told beside it: what SQL cannot make."""

    mutation: str
    input: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, contender: Contender) -> Ask:
        """Return the request as a contender takes it."""
        of_database = contender.functions
        given = {"input": {**self.input, **self.told} if of_database else self.input}
        body = orjson.dumps({"query": document(self.mutation, foreign=contender.foreign), "variables": given})
        return Ask(self.mutation if contender.routes else "graphql", body.decode())


Task: TypeAlias = list[Request]


@dataclass(frozen=True, slots=True)
class Verb:
    """Something to do. `prepare` leaves what so many tasks need, and returns them."""

    name: str
    title: str
    prepare: Callable[[Preparing, int, bool], Awaitable[list[Task]]]
    requests: int = 1
    """How many verbs a task has."""


async def matters(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Matters are raised at open platforms: nothing has to be there."""
    tasks = list[Task]()
    for one in preparing.things(number, spread=spread):
        title, description = f"东门外路灯失修第{one.number}次反映", f"{WORDS}(第{one.number}件)"
        given = {
            "platform": node_id("platform", one.platform.id),
            "title": title,
            "description": description,
            "category": "OLD_NEIGHBOURHOODS",
            "nature": "TROUBLESOME",
        }
        tasks.append([Request("raiseMatter", given, {"terms": vector(title, description)})])
    return tasks


async def proposals(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Topics are proposed at open platforms and listed."""
    tasks = list[Task]()
    for one in preparing.things(number, spread=spread):
        title, summary = f"东门外路灯失修第{one.number}议", f"{WORDS}(第{one.number}件)"
        given = {
            "platform": node_id("platform", one.platform.id),
            "title": title,
            "summary": summary,
            "kind": "MICRO",
            "category": "OLD_NEIGHBOURHOODS",
        }
        proposed = Request("proposeTopic", given, {"terms": vector(title, summary)})
        tasks.append([proposed, Request("listTopic", {"topic": GIVEN.decode()})])
    return tasks


async def appointments(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Sessions are scheduled, each for a listed topic with three departments."""
    things = preparing.things(number, spread=spread)
    await preparing.topics(things, "LISTED")
    day = datetime.now(UTC).date() + timedelta(days=2)
    return [
        [
            Request(
                "scheduleSession",
                {
                    "platform": node_id("platform", one.platform.id),
                    "topics": [node_id("topic", one.id(TOPIC))],
                    "scheduledAt": f"{day}T01:00:00+00:00",
                    "venue": "东社区协商议事室",
                    "idempotencyKey": f"schedule-{one.number}",
                },
            )
        ]
        for one in things
    ]


async def minutes(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Sessions are recorded, to each of which twenty people came."""
    things = preparing.things(number, spread=spread)
    await preparing.topics(things, "SCHEDULED", scheduled_at=HELD)
    await preparing.sessions(things)
    return [
        [
            Request(
                "recordSession",
                {
                    "session": node_id("session", one.id(SESSION)),
                    "heldAt": HELD.isoformat(),
                    "minutes": WORDS * 3,
                    "attendances": attendances(one.platform),
                    "idempotencyKey": f"record-{one.number}",
                },
            )
        ]
        for one in things
    ]


def attendances(platform: Platform) -> list[dict[str, str]]:
    """Return twenty people: residents, members, cadres, and somebody of each department."""
    of_departments = [{"role": "DEPARTMENT", "department": code} for code in platform.departments]
    members = [{"role": "MEMBER", "name": f"委员{n}"} for n in range(4)]
    cadres = [{"role": "CADRE", "name": f"干部{n}"} for n in range(3)]
    return [*[{"role": "RESIDENT", "name": f"居民{n}"} for n in range(10)], *members, *cadres, *of_departments]


async def resolutions(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Topics are resolved whose commitment is done."""
    things = preparing.things(number, spread=spread)
    await preparing.topics(things, "IMPLEMENTING")
    await preparing.commitments(things)
    return [
        [
            Request(
                "resolveTopic",
                {
                    "topic": node_id("topic", one.id(TOPIC)),
                    "summary": "线路已移交社区代管,三盏路灯全部修复,台阶旁加装扶手。",
                    "evidence": [
                        {
                            "url": f"https://example.org/evidence/{one.number}.pdf",
                            "sha256": sha256(str(one.number).encode()).hexdigest(),
                            "note": "验收照片",
                        }
                    ],
                    "idempotencyKey": f"resolve-{one.number}",
                },
            )
        ]
        for one in things
    ]


VERBS = (
    Verb("raise", "raiseMatter", matters),
    Verb("propose", "proposeTopic, then listTopic", proposals, requests=2),
    Verb("schedule", "scheduleSession of a topic with three departments", appointments),
    Verb("record", "recordSession with 20 attendances", minutes),
    Verb("resolve", "resolveTopic with evidence", resolutions),
)
