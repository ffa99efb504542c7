"""What is read as of an instant is what was read at that instant."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.core.database import Database
from services.core.ids import as_of_suffix
from tests.graph.api import Api, placed
from tests.graph.story import (
    ASSIGN,
    CANCEL,
    OUTCOME,
    RECORD,
    RELEASE,
    REOPEN,
    RESCHEDULE,
    RESOLVE,
    WITHDRAW,
    Story,
)
from tests.graph.test_registry import CENTER, CLOSE, HALL, MICRO, OPEN, parent_of
from tests.servers import as_owner

STATISTICS = """platforms { total general sub micro }
  topics { total key micro byStatus { status count } byCategory { category count } }
  sessionsHeld attendances attendancesAreLowerBound outcomes commitments { total done verified overdue }
  resolutionRate medianDaysToResolve"""
OUTCOMES = """outcomes { agreement session { id status } commitments { status dueOn overdue department { code }
  progress { note } evidence { note } } }"""
EVERYTHING = f"""query ($topic: ID!, $at: DateTime) {{
  topic(by: {{id: $topic}}, asOf: $at) {{ number title status version proposedAt listedAt scheduledAt resolvedAt
    resolution evidence {{ at url note }} involvements {{ role since department {{ code name }} }} {OUTCOMES}
    sessions {{ totalCount edges {{ cursor node {{ id status scheduledAt heldAt venue headcount minutes
      topics {{ number status }} attendances {{ nodes {{ role department {{ code }} }} }} {OUTCOMES} }} }} }}
    platform {{ code statistics {{ {STATISTICS} }} }} }}
  division(code: "140521201", asOf: $at) {{ statistics {{ {STATISTICS} }}
    topics(orderBy: [{{proposedAt: DESC}}], first: 3) {{ totalCount pageInfo {{ endCursor hasNextPage }}
      nodes {{ number status sessions {{ totalCount }} }} }}
    listed: topics(filter: {{status: [LISTED, SCHEDULED], department: "qinshui-court"}}) {{ totalCount }} }}
  county: division(code: "140521") {{ statistics(asOf: $at) {{ {STATISTICS} }}
    period: statistics(asOf: $at, period: {{from: "2022-01-01"}}) {{ {STATISTICS} }} }} }}"""
REGISTRY = f"""query ($code: String!, $at: DateTime) {{
  platform(by: {{code: $code}}, asOf: $at) {{ name closedOn parent {{ code children {{ code }} }}
    statistics {{ {STATISTICS} }} }}
  division(code: "140521", asOf: $at) {{ practiceCenters {{ name areas }} statistics {{ {STATISTICS} }}
    open: platforms(deep: true, filter: {{open: true}}) {{ totalCount }} }} }}"""
EVIDENCE = [{"url": "https://example.org/1.jpg", "sha256": "ab" * 32, "note": "界桩"}]
REPORT = {"ACCEPTED": "", "IN_PROGRESS": "补植过半", "DONE": "补植完成", "DISPUTED": ""}


class Watch:
    """Notes what two callers read after each step, to read it again as of then."""

    def __init__(self, api: Api, query: str, **variables: Any) -> None:
        self._callers = (api, api.signed_in("resident"))
        self._query = query
        self._variables = variables
        self._seen: list[tuple[datetime, list[bytes]]] = []

    async def read(self, at: datetime | None) -> list[bytes]:
        variables = {**self._variables, "at": at and at.isoformat()}
        asked = {"query": self._query, "variables": variables}
        return [(await caller.http.post("/graphql", json=asked)).content for caller in self._callers]

    async def note(self) -> None:
        """Note what is read now, and when: ids tell milliseconds."""
        seen = await self.read(None)
        assert all(b'"errors"' not in body for body in seen), seen
        self._seen.append((datetime.now(UTC), seen))
        await asyncio.sleep(0.005)

    async def check(self, steps: int) -> None:
        """Hold that each step was another, and that each is read again as it was."""
        assert len({bodies[0] for _, bodies in self._seen}) == len(self._seen) == steps
        for instant, bodies in self._seen:
            named = as_of_suffix(instant).encode()
            assert [body.replace(named, b"") for body in await self.read(instant)] == bodies, instant


async def test_whole_life_of_a_topic_is_read_again_as_of_each_step(story: Story, writable_db: Database) -> None:
    api = story.api
    watch = Watch(api, EVERYTHING, topic=story.topic)

    async def step(act: Awaitable[Any]) -> Any:
        result = await act
        await watch.note()
        return result

    async def report(status: str) -> None:
        """Take what a department's reply brings, or what residents say of it."""
        async with as_owner(writable_db) as tx:
            connection = await tx.connection()
            await connection.exec_driver_sql(f"UPDATE commitment SET status = '{status}' WHERE id = '{commitment}'")
            if REPORT[status]:
                await connection.exec_driver_sql(
                    "INSERT INTO progress (id, commitment_id, at, note) "
                    f"VALUES (gen_random_uuid(), '{commitment}', now(), '{REPORT[status]}')"
                )

    await watch.note()
    await step(story.involve("qinshui-court", "LEAD"))
    await step(story.involve("qinshui-forestry", "SUPPORT"))
    await step(story.list_())
    await step(api.act(RELEASE, input={"topic": story.topic, "department": "qinshui-forestry"}))
    await step(story.schedule())
    first = story.session
    await step(api.act(RESCHEDULE, input={"session": first, "postpone": True}))
    await step(api.act(RESCHEDULE, input={"session": first, "scheduledAt": "2097-06-01T09:00:00+08:00"}))
    await step(story.schedule("2097-07-01T09:00:00+08:00"))
    await step(api.act(CANCEL, input={"session": story.session, "reason": "下雨"}))
    attendances = [{"role": "DEPARTMENT", "department": "qinshui-court"}, {"role": "RESIDENT"}]
    await step(api.act(RECORD, input={"session": first, "minutes": "达成一致", "attendances": attendances}))
    agreed = await step(api.act(OUTCOME, input={"topic": story.topic, "session": first, "agreement": "补植"}))
    task = {"outcome": agreed["outcome"]["id"], "department": "qinshui-court", "task": "补植", "dueOn": "2199-01-01"}
    assigned = await step(api.act(ASSIGN.replace("{ status dueOn", "{ id status dueOn"), input=task))
    commitment = assigned["commitment"]["id"].removeprefix("commitment_")
    for status in REPORT:
        await step(report(status))
    left_open = [{"commitment": f"commitment_{commitment}", "reason": "等雨季"}]
    end = {"topic": story.topic, "evidence": EVIDENCE, "openCommitments": left_open}
    await step(api.act(RESOLVE, input={**end, "summary": "已补植"}))
    await step(api.act(REOPEN, input={"topic": story.topic, "reason": "树苗枯死"}))
    await step(api.act(RESOLVE, input={**end, "summary": "又补植"}))
    await watch.check(20)


async def test_withdrawn_topic_is_what_it_was_before(story: Story) -> None:
    watch = Watch(story.api, EVERYTHING, topic=story.topic)
    await watch.note()
    await story.list_()
    await watch.note()
    await story.api.act(WITHDRAW, input={"topic": story.topic, "reason": "另案处理"})
    await watch.note()
    await watch.check(3)


async def test_registry_is_what_it_was(writing: Api) -> None:
    parent = await parent_of(writing)
    acts: list[Callable[[], Awaitable[Any]]] = [
        lambda: writing.act(OPEN, input={**MICRO, "parent": parent}),
        lambda: writing.act(CENTER, input={**HALL, "functions": []}),
    ]
    watch = Watch(writing, REGISTRY, code="P140521-99")
    await watch.note()
    for act in acts:
        await act()
        await watch.note()
    query = "query ($c: String!) { platform(by: {code: $c}) { id } }"
    key = (await writing.data(query, c="P140521-99"))["platform"]["id"]
    closing = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    await writing.act(CLOSE, input={"platform": key, "closedOn": closing})
    await watch.note()
    await watch.check(4)


async def test_topic_that_was_not_listed_then_was_not_public_then(story: Story) -> None:
    query = "query ($id: ID!, $at: DateTime) { topic(by: {id: $id}, asOf: $at) { status } }"
    then = datetime.now(UTC).isoformat()
    await asyncio.sleep(0.005)
    await story.list_()
    resident = story.api.signed_in("resident")
    assert (await resident.data(query, id=story.topic))["topic"] == {"status": "LISTED"}
    assert (await resident.data(query, id=story.topic, at=then))["topic"] is None
    assert (await story.api.data(query, id=story.topic, at=then))["topic"] == {"status": "PROPOSED"}


async def test_platforms_then_and_now_are_one_statement(api: Api, statements: list[str]) -> None:
    query = """query ($then: DateTime!) { division(code: "14") {
      then: statistics(asOf: $then) { platforms { total } } now: statistics { platforms { total } } } }"""
    found = (await api.data(query, then="2022-06-30T00:00:00+08:00"))["division"]
    assert found == {"then": {"platforms": {"total": 531}}, "now": {"platforms": {"total": 2197}}}
    assert len(statements) == 1


async def test_told_district_had_fewer_topics_then(api: Api) -> None:
    query = """query ($at: DateTime) { division(code: "140106", asOf: $at) { topics { totalCount }
      statistics { platforms { total } topics { total } sessionsHeld } } }"""
    now = (await api.data(query))["division"]
    assert now["statistics"] == {"platforms": {"total": 79}, "topics": {"total": 324}, "sessionsHeld": 329}
    then = (await api.data(query, at="2022-06-30T00:00:00+08:00"))["division"]
    assert then["statistics"] == {"platforms": {"total": 79}, "topics": {"total": 124}, "sessionsHeld": 125}
    assert (now["topics"], then["topics"]) == ({"totalCount": 324}, {"totalCount": 124})


async def test_before_anything_nothing_is_there(api: Api) -> None:
    query = f"""{{ topic(by: {{number: "T140106-2021-0001"}}, asOf: "1999-01-01T00:00:00Z") {{ number }}
      platform(by: {{code: "P140106"}}) {{ statistics(asOf: "0001-01-01T00:00:00+14:00") {{ {STATISTICS} }} }} }}"""
    found = await api.data(query)
    assert found["topic"] is None
    statistics = found["platform"]["statistics"]
    assert statistics["platforms"] == {"total": 0, "general": 0, "sub": 0, "micro": 0}
    assert (statistics["topics"]["total"], statistics["sessionsHeld"], statistics["resolutionRate"]) == (0, 0, None)


async def test_instant_within_another_is_the_one_that_counts(api: Api) -> None:
    query = """{ division(code: "14", asOf: "2021-12-31T00:00:00Z") { statistics { platforms { total } }
      later: statistics(asOf: "2022-06-30T00:00:00+08:00") { platforms { total } } } }"""
    found = (await api.data(query))["division"]
    assert found["later"] == {"platforms": {"total": 531}}
    assert found["statistics"]["platforms"]["total"] < 531


@pytest.mark.parametrize("selection", ["name", "statistics { sessionsHeld }", "__typename"])
async def test_what_is_to_come_cannot_be_read(api: Api, selection: str) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    query = f'query ($at: DateTime) {{ division(code: "140106", asOf: $at) {{ {selection} }} }}'
    answer = await api.answer(query, at=ahead)
    assert answer["data"] == {"division": None}
    (error,) = answer["errors"]
    assert error["path"] == ["division"]
    assert placed(error) == {"code": "INSTANT_AHEAD", "path": ["asOf"]}
    assert error["message"] == f"Nothing can be read as of {ahead}: it is still to come."
