"""What departments are told after a redaction, of what waited and of what is sent again."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.notices.commands import replay_notices
from services.outcomes import redactions as outcomes
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.involvements import involve_department
from services.outcomes.resolution import LeftOpen, resolve_topic
from services.outcomes.verdicts import dispute_commitment
from services.outcomes.work import accept_commitment, complete_commitment
from services.sessions.commands import schedule_session
from services.sessions.enums import SessionForm
from services.sessions.held import record_session
from services.sessions.redactions import redact_session
from services.topics.commands import reopen_topic
from services.topics.corrections import correct_topic
from services.topics.enums import InvolvementRole
from services.topics.evidence import EvidenceGiven
from services.topics.redactions import redact_topic
from tests.events.test_replay import all_confirmed
from tests.events.tools import relay, take, until
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"
MARK = "zqmarked"
RESIDENT = Actor("resident", (Grant(Role.RESIDENT, "14"),))
PLACES = {
    "topic.corrected": (),
    "topic.scheduled": ("venue",),
    "session.held": ("venue",),
    "outcome.recorded": ("agreement",),
    "commitment.assigned": ("task", "agreement"),
    "commitment.disputed": ("task", "reason"),
    "topic.resolved": ("summary",),
}
"""Where events tell words that were redacted, beside the topic's title."""
WHY: dict[str, Any] = {"reason": "涉及个人信息"}


class Story:
    """What is told of a topic whose every text has a marked word."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.topic = world.topics[0].id
        self.ids: dict[str, UUID] = {}

    async def do(self, command: Callable[..., Awaitable[Any]], actor: Actor = ACTOR, **values: Any) -> Any:
        async with self.world.db.write() as tx:
            return await command(Act(tx, actor, SystemClock()), **values)

    async def tell(self) -> None:
        topic: dict[str, Any] = {"topic_id": self.topic}
        ids = self.ids
        await self.do(involve_department, **topic, department=COURT, role=InvolvementRole.LEAD)
        await self.do(
            correct_topic,
            **topic,
            title=f"{MARK} 议题",
            summary=None,
            category=None,
            expected_version=None,
            reason="误记",
        )
        at = datetime.now(UTC) + timedelta(days=1)
        ids["session"] = await self.do(
            schedule_session, platform_id=self.world.topics[0].platform_id, topic_ids=[self.topic], scheduled_at=at,
            venue=f"{MARK} 地点", form=SessionForm.ON_SITE, convener=None, liaison_group_id=None,
        )  # fmt: skip
        await self.do(
            record_session, session_id=ids["session"], held_at=None, minutes=None, headcount=None,
            headcount_is_lower_bound=False, attendances=[], opinions=[],
        )  # fmt: skip
        ids["outcome"] = await self.do(
            record_outcome, **topic, session_id=ids["session"], agreement=f"{MARK} 共识", reached_on=None,
            expected_version=None,
        )  # fmt: skip
        task: dict[str, Any] = {
            "outcome_id": ids["outcome"],
            "department": COURT,
            "task": f"{MARK} 事项",
            "due_on": None,
        }
        ids["commitment"] = await self.do(assign_commitment, **task)
        of: dict[str, Any] = {"commitment_id": ids["commitment"]}
        await self.do(accept_commitment, **of)
        await self.do(complete_commitment, **of, evidence=[EvidenceGiven("https://example.org/1")])
        await self.do(dispute_commitment, **of, reason=f"{MARK} 异议", actor=RESIDENT)
        ((ids["verdict"],),) = await self.world.rows("SELECT id FROM verdict")  # type: ignore[assignment]
        await self.resolve(f"{MARK} 结果")

    async def resolve(self, summary: str) -> None:
        left = [LeftOpen(self.ids["commitment"], "雨季")]
        proof = [EvidenceGiven("https://example.org/2")]
        await self.do(
            resolve_topic, topic_id=self.topic, summary=summary, evidence=proof, expected_version=None, left_open=left
        )

    async def redact(self) -> None:
        words: dict[str, Any] = {"title": "议题", "summary": None, "resolution": "结果"}
        await self.do(redact_topic, topic_id=self.topic, **words, expected_version=None, **WHY)
        words = {"venue": "地点", "convener": None, "minutes": None}
        await self.do(redact_session, session_id=self.ids["session"], **words, **WHY)
        await self.do(outcomes.redact_outcome, outcome_id=self.ids["outcome"], agreement="共识", **WHY)
        await self.do(outcomes.redact_commitment, commitment_id=self.ids["commitment"], task="事项", **WHY)
        await self.do(outcomes.redact_verdict, verdict_id=self.ids["verdict"], note=None, **WHY)


async def test_old_words_are_told_neither_of_what_waits_nor_of_what_is_sent_again(
    world: World, declared: BrokerAddress
) -> None:
    story = Story(world)
    await story.tell()
    ((count,),) = await world.rows("SELECT count(*) FROM delivery")
    assert isinstance(count, int)
    async with relay(world.db, world.url, declared.url):
        before = await take(declared.url, COURT, count)
        await until(lambda: all_confirmed(world))
    assert told(before) == {"topic.listed": set()} | {name: {"title", *fields} for name, fields in PLACES.items()}
    await story.do(reopen_topic, topic_id=story.topic, expected_version=None, reason="未完")
    await story.resolve(f"{MARK} 又一结果")
    await story.redact()
    async with world.db.write() as tx:
        await replay_notices(Act(tx, ACTOR, SystemClock()), department=COURT)
    async with relay(world.db, world.url, declared.url):
        again = await take(declared.url, COURT, count + 2)
        await until(lambda: all_confirmed(world))
    assert MARK not in json.dumps(again)
    data = {one["type"].split("shangliang.")[1].removesuffix(".v1"): one["data"] for one in again}
    assert {one["data"]["topic"]["title"] for one in again} == {"议题"}
    assert data["commitment.disputed"]["reason"] == "(已隐去)"
    assert data["commitment.assigned"]["task"] == "事项"
    assert data["commitment.assigned"]["agreement"] == data["outcome.recorded"]["agreement"] == "共识"
    assert (data["topic.scheduled"]["venue"], data["topic.resolved"]["summary"]) == ("地点", "结果")


async def test_a_resolution_that_follows_is_told_as_written(world: World, declared: BrokerAddress) -> None:
    story = Story(world)
    await story.tell()
    await story.redact()
    await story.do(reopen_topic, topic_id=story.topic, expected_version=None, reason="未完")
    await story.resolve("全部办结")
    ((count,),) = await world.rows("SELECT count(*) FROM delivery")
    assert isinstance(count, int)
    async with relay(world.db, world.url, declared.url):
        events = await take(declared.url, COURT, count)
        await until(lambda: all_confirmed(world))
    assert MARK not in json.dumps(events)
    resolutions = [one["data"]["summary"] for one in events if one["type"].endswith("topic.resolved.v1")]
    assert resolutions == ["结果", "全部办结"]


def told(events: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return by type of event the fields that have a marked word."""
    found: dict[str, set[str]] = {}
    for event in events:
        data = event["data"]
        texts = {
            "title": data["topic"]["title"],
            **{name: text for name, text in data.items() if isinstance(text, str)},
        }
        type_ = event["type"].split("shangliang.")[1].removesuffix(".v1")
        found.setdefault(type_, set()).update(
            name for name, text in texts.items() if MARK in str(text) and name != "topic"
        )
    return found
