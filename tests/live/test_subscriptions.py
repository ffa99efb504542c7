"""What subscribers hear, over either transport."""

import asyncio
import signal
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from services.core.act import Act
from services.core.actor import Actor, Role
from services.core.clock import SystemClock
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from services.notices.claim import claim
from services.notices.replies import Reply, take_reply
from tests.graph.api import placed
from tests.live.place import Place, Places
from tests.live.talking import CHANGED, NOTICED, parsed, streaming, talking
from tests.serving import Served, serving

BACKLOG = 20
LARGE = "水" * 5_000
TWENTY_TIMES = " ".join(f"s{number}: summary" for number in range(20))
"""What makes a message as large as a narrow connection feels."""
WITH_SUMMARY = CHANGED.replace("title", TWENTY_TIMES)


async def test_only_who_sees_a_topic_hears_of_it(served: Served, place: Place, token: str) -> None:
    async with talking(served) as anonymous, talking(served) as cadre:
        await anonymous.initialise()
        await cadre.initialise(token)
        for talk in (anonymous, cadre):
            await talk.subscribe("a", CHANGED, within=place.code)
        topic = await place.propose("未立项")
        assert (await cadre.next("a"))["topic"] == {"title": "未立项"}
        await anonymous.silence()
        await place.list_(topic)
        assert [(await talk.next("a"))["type"] for talk in (anonymous, cadre)] == ["topic.listed"] * 2


async def test_only_the_subtree_is_heard(served: Served, places: Places, place: Place, token: str) -> None:
    elsewhere = await places.new(f"{place.code}001")
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("elsewhere", CHANGED, within=elsewhere.code)
        await talk.subscribe("county", CHANGED, within="140521")
        await talk.subscribe("street", CHANGED, within=place.code)
        await place.propose()
        assert {(await talk.hear())["id"] for _ in range(2)} == {"county", "street"}
        await talk.silence()


@pytest.mark.parametrize(
    ("query", "variables", "path"),
    [(CHANGED, {"within": "999999"}, "within"), (NOTICED, {"department": "nope"}, "department")],
)
async def test_subscription_to_what_is_not_there_is_refused(
    served: Served, query: str, variables: dict[str, str], path: str
) -> None:
    async with talking(served) as talk:
        await talk.initialise()
        await talk.say(type="subscribe", id="a", payload={"query": query, "variables": variables})
        message = await talk.hear()
        assert (message["type"], message["id"]) == ("error", "a")
        (error,) = message["payload"]
        assert placed(error) == {"code": "NOT_FOUND", "path": [path]}
    async with streaming(served, query, **variables) as events:
        told = [result for _, result in [event async for event in events] if result]
    assert told[0]["errors"] == [error]


async def test_resuming_after_a_hidden_event_is_refused_as_after_one_that_is_not_there(
    served: Served, place: Place, token: str
) -> None:
    async def refused(query: str, after: str, **variables: str) -> Any:
        async with talking(served) as talk:
            await talk.initialise()
            variables = {**variables, "after": after}
            await talk.say(type="subscribe", id="a", payload={"query": query, "variables": variables})
            message = await talk.hear()
            assert message["type"] == "error"
            (error,) = message["payload"]
            return placed(error), error["message"].replace(after, "event_…")

    missing = f"event_{uuid4()}"
    topic = await place.propose("未立项")
    ((hidden, _),) = await place.placed_events()
    expected = ({"code": "NOT_FOUND", "path": ["after"]}, "No event event_… exists.")
    for query, variables in ((CHANGED, {"within": place.code}), (NOTICED, {"department": "qinshui-court"})):
        assert await refused(query, missing, **variables) == expected
        assert await refused(query, hidden, **variables) == expected
    told = f"event_{await place.world.announce('qinshui-court', topic=1)}"
    assert await refused(NOTICED, told, department="qinshui-court") == expected
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", CHANGED, within=place.code, after=hidden)
        await place.list_(topic)
        assert (await talk.next("a"))["type"] == "topic.listed"


async def test_hidden_changes_fill_no_backlog(place: Place, key: Path) -> None:
    async with serving(place.world.url, key, subscriber_backlog=str(BACKLOG)) as service, talking(service) as talk:
        await talk.initialise()
        await talk.subscribe("a", CHANGED, within=place.code)
        topic = await place.propose_many(10 * BACKLOG, "未立项")
        await place.list_(topic)
        first = await talk.next("a")
        if first["type"] == "topic.proposed":  # of the same topic, looked at once it was listed
            first = await talk.next("a")
        *_, last = await place.placed_events()
        assert (first["eventId"], first["type"]) == last
        await talk.subscribe("b", CHANGED, within=place.code, after=first["eventId"])
        await place.withdraw(topic)
        assert {(await talk.hear())["id"] for _ in range(2)} == {"a", "b"}


async def test_refused_field_is_an_error_of_each_result(served: Served, place: Place, token: str) -> None:
    query = """subscription ($within: DivisionCode!, $n: Int) { topicChanged(within: $within) { type topic {
      title sessions(first: $n) { totalCount } platform { topics(filter: {within: "99"}) { totalCount } } } } }"""
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", query, within=place.code, n=101)
        topic = await place.propose("路灯")
        await place.list_(topic)
        for type_ in ("topic.proposed", "topic.listed"):
            result = (await talk.hear())["payload"]
            thing = {"title": "路灯", "sessions": None, "platform": {"topics": None}}
            assert result["data"] == {"topicChanged": {"type": type_, "topic": thing}}
            assert [(error["path"], error["extensions"]["code"]) for error in result["errors"]] == [
                (["topicChanged", "topic", "sessions"], "BAD_USER_INPUT"),
                (["topicChanged", "topic", "platform", "topics"], "NOT_FOUND"),
            ]


async def test_event_stream_resumes_and_goes_on(served: Served, place: Place, token: str) -> None:
    topic = await place.propose()
    await place.list_(topic)
    (first, _), (second, _) = await place.placed_events()
    async with streaming(served, CHANGED, token, within=place.code, after=first) as events:
        assert await anext(events) == ("", None)
        name, result = await anext(events)
        assert (name, result["data"]["topicChanged"]["eventId"]) == ("next", second)
        await place.withdraw(topic)
        name, result = await anext(events)
        assert (name, result["data"]["topicChanged"]["type"]) == ("next", "topic.withdrawn")


@pytest.mark.parametrize(
    ("query", "outcome"), [("{ __typename }", {"__typename": "Query"}), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
)
async def test_event_stream_of_one_result_is_completed(served: Served, query: str, outcome: Any) -> None:
    async with streaming(served, query) as events:
        comment, (name, result), complete = [event async for event in events]
    assert (comment, name, complete) == (("", None), "next", ("complete", None))
    assert outcome == (result["errors"][0]["extensions"]["code"] if "errors" in result else result["data"])


async def test_who_accepts_both_gets_json_but_for_subscriptions(served: Served, place: Place) -> None:
    headers = {"Accept": "application/graphql-response+json, application/json, text/event-stream"}
    topic = await place.propose()
    ((first, _),) = await place.placed_events()
    await place.list_(topic)
    body = {"query": CHANGED, "variables": {"within": place.code, "after": first}}
    async with httpx.AsyncClient() as client:
        queried = await client.post(served.http, json={"query": "{ __typename }"}, headers=headers)
        async with client.stream("POST", served.http, json=body, headers=headers) as response:
            events = parsed(response.aiter_lines())
            _, (name, result) = await anext(events), await anext(events)
    assert queried.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert (name, result["data"]["topicChanged"]["type"]) == ("next", "topic.listed")


async def test_subscription_without_a_stream_is_refused(served: Served) -> None:
    query = 'subscription { topicChanged(within: "14") { type } }'
    async with httpx.AsyncClient() as client:
        posted = (await client.post(served.http, json={"query": query})).json()
        got = (await client.get(served.http, params={"query": query})).json()
        denied = await client.post(
            served.http, json={"query": query},
            headers={"Accept": "text/event-stream", "Authorization": "Bearer nonsense"},
        )  # fmt: skip
        mutation = {"query": 'mutation { listTopic(input: {topic: "x"}) { errors { code } } }'}
        streamed = await client.get(served.http, params=mutation, headers={"Accept": "text/event-stream"})
    assert [answer["errors"][0]["extensions"]["code"] for answer in (posted, got)] == ["OPERATION_NOT_ALLOWED"] * 2
    assert (denied.status_code, "OPERATION_NOT_ALLOWED" in streamed.text) == (401, True)


async def test_department_hears_of_its_notices_and_their_fates(served: Served, place: Place, court: str) -> None:
    world = place.world
    async with talking(served) as talk, talking(served) as stranger:
        await talk.initialise(court)
        await stranger.initialise()
        for one in (talk, stranger):
            await one.subscribe("a", NOTICED, department="qinshui-court")
        event = await world.announce("qinshui-court", "qinshui-power", topic=2)
        new = await talk.next("a")
        async with (
            world.acting(Login.RELAY) as relay,
            claim(relay, limit=50, clock=SystemClock(), idle_s=10) as batch,
        ):
            (own,) = [
                one for one in batch.deliveries if str(one.event_id) == event and one.department_code.endswith("court")
            ]
            await batch.confirm([own])
        confirmed = await talk.next("a")
        async with world.acting(Login.INTAKE) as intake, intake.write() as tx:
            await take_reply(
                Act(tx, Actor.of_department("qinshui-court"), SystemClock()),
                Reply("qinshui-court", f"reply-{event}", own.event_id, "received"),
            )
        received = await talk.next("a")
        await stranger.silence()
    same = {"eventId": f"event_{event}", "type": "topic.listed", "sequence": new["sequence"]}
    assert [new, confirmed, received] == [
        {**same, "status": "PENDING", "receipt": None},
        {**same, "status": "CONFIRMED", "receipt": None},
        {**same, "status": "CONFIRMED", "receipt": {"status": "RECEIVED"}},
    ]  # fmt: skip


async def test_notices_resume_with_what_changed_since(served: Served, place: Place, issuer: LocalIssuer) -> None:
    world = place.world
    token = issuer.sign(
        "forestry", [GrantClaim(role=Role.DEPARTMENT, department="qinshui-forestry")],
        now=datetime.now(UTC), lifetime=timedelta(hours=1),
    )  # fmt: skip
    first, second, third = [await world.announce("qinshui-forestry", topic=index) for index in range(3)]
    await place.placed_events()  # a claim passes over what the service is just giving its place
    async with world.acting(Login.RELAY) as relay, claim(relay, limit=50, clock=SystemClock(), idle_s=10) as batch:
        mine = {str(one.event_id): one for one in batch.deliveries if one.department_code == "qinshui-forestry"}
        await batch.park(mine[first], "too large")
    await place.placed_events()
    async with talking(served) as talk:
        await talk.initialise(token)
        variables = {"department": "qinshui-forestry", "after": f"event_{second}"}
        await talk.say(type="subscribe", id="a", payload={"query": NOTICED, "variables": variables})
        notices = [await talk.next("a") for _ in range(3)]
        await talk.silence()
    assert sorted((notice["eventId"], notice["status"]) for notice in notices) == [
        (f"event_{first}", "PARKED"), (f"event_{second}", "PENDING"), (f"event_{third}", "PENDING"),
    ]  # fmt: skip


async def test_slow_subscriber_is_cut_off_and_resumes(place: Place, key: Path, token: str) -> None:
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    async with serving(place.world.url, key, subscriber_backlog=str(BACKLOG)) as service:
        narrow.connect(("127.0.0.1", service.port))
        narrow.setblocking(False)  # noqa: FBT003 -- the socket's own signature
        async with talking(service, sock=narrow) as slow, talking(service) as quick:
            for talk in (slow, quick):
                await talk.initialise(token)
                await talk.subscribe("a", WITH_SUMMARY, within=place.code)
            heard = []
            for _ in range(3 * BACKLOG):
                await place.propose(summary=LARGE)
                heard.append((await quick.next("a"))["eventId"])
            received = []
            while (message := await slow.hear())["type"] == "next":
                received.append(message["payload"]["data"]["topicChanged"]["eventId"])
            ((error,), last) = message["payload"], received[-1]
            assert message["type"] == "error"
            assert error["extensions"] == {
                "code": "SUBSCRIBER_TOO_SLOW",
                "parameters": {"backlog": BACKLOG},
                "after": last,
            }
            await slow.say(
                type="subscribe", id="a",
                payload={"query": WITH_SUMMARY, "variables": {"within": place.code, "after": last}},
            )  # fmt: skip
            while len(received) < len(heard):
                received.append((await slow.next("a"))["eventId"])
    assert received == heard == [event for event, _ in await place.placed_events()]


async def test_server_that_stops_ends_streams_so_that_clients_come_back(place: Place, key: Path, token: str) -> None:
    async with serving(place.world.url, key) as service, talking(service) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", CHANGED, within=place.code)
        async with streaming(service, CHANGED, token, within=place.code) as events:
            assert await anext(events) == ("", None)
            service.process.send_signal(signal.SIGTERM)
            assert [event async for event in events] == []
        with pytest.raises(ConnectionClosed) as caught:
            await talk.hear()
        assert await asyncio.wait_for(service.process.wait(), 5) in {0, -signal.SIGTERM}
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code in {1001, 1012}
