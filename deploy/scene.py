"""The demonstration's scene: a topic that involves Qinshui's court and forestry bureau, told through the public API."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.core.clock import CHINA

HIERARCHY = """{
  division(code: "140106") {
    name
    brands { name launchedOn }
    reported: statistics(asOf: "2023-12-01T00:00:00+08:00") {
      platforms { total general sub micro }
      topics { key micro }
      sessionsHeld attendances attendancesAreLowerBound
    }
    today: statistics { topics { key micro } sessionsHeld }
  }
  p: division(code: "14") {
    statistics(asOf: "2023-12-01T00:00:00+08:00") { platforms { total } }
    children { name children { name } }
  }
}"""

PLATFORM = '{ platforms(filter: {within: "140521201", tier: [SUB]}, first: 1) { nodes { id name } } }'

PROPOSE = """mutation ($platform: ID!) {
  proposeTopic(input: {
    platform: $platform, title: "林地承包纠纷与龙隐山居步道占地", kind: MICRO, category: RURAL_REVITALIZATION
  }) { topic { id number } errors { code message } }
}"""

INVOLVE = """mutation ($topic: ID!, $department: String!, $role: InvolvementRole!) {
  involveDepartment(input: {topic: $topic, department: $department, role: $role}) {
    topic { id } errors { code message }
  }
}"""

LIST = "mutation ($topic: ID!) { listTopic(input: {topic: $topic}) { topic { status } errors { code message } } }"

SCHEDULE = """mutation ($platform: ID!, $topic: ID!, $at: DateTime!) {
  scheduleSession(input: {platform: $platform, topics: [$topic], scheduledAt: $at, venue: "土沃乡协商议事室"}) {
    session { id status topics { number status } } errors { code message }
  }
}"""

RECORD = """mutation ($session: ID!) {
  recordSession(input: {session: $session, headcount: 18, minutes: "各方到场,现场踏勘后达成一致。"}) {
    session { id status } errors { code message }
  }
}"""

OUTCOME = """mutation ($topic: ID!, $session: ID!) {
  recordOutcome(input: {topic: $topic, session: $session, agreement: "确认承包界址,步道改线两米,林木补植。"}) {
    outcome { id } errors { code message }
  }
}"""

RESOLVE = """mutation ($topic: ID!) {
  resolveTopic(input: {
    topic: $topic, summary: "界桩已立,步道改线完工。", evidence: [{url: "https://example.org/evidence/1.jpg"}]
  }) { topic { number status } errors { code message } }
}"""

SEATED = """query ($committee: DivisionCode!) {
  division(code: $committee) { committee { members(first: 1) { nodes { id } } } }
}"""

LINK = """mutation ($member: ID!, $subject: String!) {
  linkMember(input: {member: $member, subject: $subject}) { member { id } errors { code message } }
}"""

HEARD = "the court and the forestry bureau hear of it"
UNHEARD = "there is no broker, so what the court and the forestry bureau are to hear of it waits in its rows"

Say = Callable[[str], None]


class Scene:
    """Plays the scene against a running API with a secretariat's token."""

    def __init__(self, base_url: str, token: str, say: Say) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )
        self._say = say

    async def show_hierarchy(self) -> None:
        """Print the nested query and its answer."""
        self._say(f"\nThe nested query:\n{HIERARCHY}")
        data = await self._ask(HIERARCHY)
        self._say(f"\nIts answer:\n{shortened(data)}")

    async def play(self, *, told: bool) -> str:
        """List, schedule and resolve a topic that involves both departments, who are told of it or cannot be yet.

        Return its number.
        """
        platform = (await self._ask(PLATFORM))["platforms"]["nodes"][0]
        topic = (await self._act(PROPOSE, platform=platform["id"]))["topic"]
        self._say(f"\nTopic {topic['number']} is proposed at {platform['name']}.")
        for department, role in (("qinshui-court", "LEAD"), ("qinshui-forestry", "SUPPORT")):
            await self._act(INVOLVE, topic=topic["id"], department=department, role=role)
        await self._act(LIST, topic=topic["id"])
        self._say(f"It is listed: {HEARD if told else UNHEARD}.")
        at = (datetime.now(CHINA) + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
        session = (await self._act(SCHEDULE, platform=platform["id"], topic=topic["id"], at=at.isoformat()))["session"]
        self._say(f"A session is scheduled for {at:%Y-%m-%d %H:%M}.")
        await self._act(RECORD, session=session["id"])
        await self._act(OUTCOME, topic=topic["id"], session=session["id"])
        await self._act(RESOLVE, topic=topic["id"])
        self._say("The session was held, an agreement recorded, the topic resolved.")
        number: str = topic["number"]
        return number

    async def link(self, subject: str, committee: str) -> None:
        """Let who signs in as the subject be the first member of a division's committee, whose duty there is to see.

        Nothing changes where somebody has linked the subject to another member.
        """
        found = await self._ask(SEATED, committee=committee)
        (member,) = found["division"]["committee"]["members"]["nodes"]
        await self._ask(LINK, member=member["id"], subject=subject)

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def _ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the data of an operation. Raises RuntimeError with the errors of a failed one."""
        response = await self._client.post("/graphql", json={"query": query, "variables": variables})
        answer = response.json()
        if answer.get("errors"):
            raise RuntimeError(json.dumps(answer["errors"], ensure_ascii=False))
        data: dict[str, Any] = answer["data"]
        return data

    async def _act(self, mutation: str, **variables: object) -> dict[str, Any]:
        """Return the payload of a mutation. Raises RuntimeError with its refusals."""
        payload: dict[str, Any] = next(iter((await self._ask(mutation, **variables)).values()))
        if payload["errors"]:
            raise RuntimeError(json.dumps(payload["errors"], ensure_ascii=False))
        return payload


def shortened(data: dict[str, Any]) -> str:
    """Return the hierarchy's answer with the counties of each city counted instead of named."""
    province = data["p"]
    cities = [f"{city['name']} ({len(city['children'])})" for city in province["children"]]
    shown = {
        "division": data["division"],
        "p": {"statistics": province["statistics"], "children": f"{len(cities)}: {', '.join(cities)}"},
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)
