"""The main job: a verb through the API, and the inboxes of those involved, and of nobody else, hear of it."""

import time

from events.names import inbox
from events.topology import apply_topology
from services.core.database import Database
from services.notices.channels import enabled_channels
from tests.events.tools import depth, relay, take
from tests.graph.api import Api
from tests.graph.story import OUTCOME, RECORD, RESOLVE, Story
from tests.servers import LIMITS, BrokerAddress


async def test_involved_departments_hear_within_two_seconds_and_nobody_else(
    story: Story, writable_db: Database, counties_url: str, amqp: BrokerAddress
) -> None:
    async with writable_db.write() as tx:
        channels = await enabled_channels(tx)
    await apply_topology(channels, amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    codes = [channel.code for channel in channels]
    assert {"qinshui-court", "qinshui-forestry", "qinshui-power"} <= set(codes)
    await story.involve("qinshui-court", "LEAD")
    await story.involve("qinshui-forestry", "SUPPORT")
    await story.list_()
    async with relay(writable_db, counties_url, amqp.url):
        for code in ("qinshui-court", "qinshui-forestry"):
            assert [event["type"] for event in await take(amqp.url, code, 1)] == ["cn.shangliang.topic.listed.v1"]
        began = time.monotonic()
        session = await story.schedule()
        heard = [(await take(amqp.url, code, 1))[0] for code in ("qinshui-court", "qinshui-forestry")]
        assert time.monotonic() - began < 2
        assert [event["type"] for event in heard] == ["cn.shangliang.topic.scheduled.v1"] * 2
        assert heard[0]["id"] == heard[1]["id"]
        assert [event["data"]["session_id"] for event in heard] == [session["id"]] * 2
        assert [event["data"]["department"]["role"] for event in heard] == ["LEAD", "SUPPORT"]
        await resolve(story)
        for code in ("qinshui-court", "qinshui-forestry"):
            types = [event["type"] for event in await take(amqp.url, code, 3)]
            happened = ("session.held", "outcome.recorded", "topic.resolved")
            assert types == [f"cn.shangliang.{event}.v1" for event in happened]
    assert [await depth(amqp.url, inbox(code)) for code in codes] == [0] * len(codes)


async def resolve(story: Story) -> None:
    """Hold the session, record an outcome, resolve the topic."""
    api: Api = story.api
    await api.act(RECORD, input={"session": story.session, "headcount": 9})
    await api.act(OUTCOME, input={"topic": story.topic, "agreement": "补植"})
    evidence = [{"url": "https://example.org/1.jpg"}]
    await api.act(RESOLVE, input={"topic": story.topic, "summary": "已补植", "evidence": evidence})
