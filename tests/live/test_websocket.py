import asyncio
from collections import deque
from typing import Any

import httpx
import pytest
from starlette.types import Message
from websockets.exceptions import ConnectionClosed

from graph.http.parts import PART
from graph.http.websocket import WebSocketEndpoint
from tests.live.place import Place
from tests.live.talking import CHANGED, Talk, talking
from tests.serving import Served

QUERY = '{ division(code: "140521") { name ancestors { name } platforms { totalCount } } }'
INIT = '{"type":"connection_init"}'
SKIPPED = """subscription ($in: Boolean = false) { ...On @include(if: $in) }
fragment On on Subscription { topicChanged(within: "14") { type } }"""
INVALID = "Invalid message: its type is unknown or a field is missing"
SUBSCRIBE = '{"type":"subscribe","id":"a","payload":{"query":"subscription {topicChanged(within:\\"14\\"){type}}"}}'


async def closed(talk: Talk) -> tuple[int, str]:
    """Return the code and the reason with which the server closes the connection."""
    with pytest.raises(ConnectionClosed) as caught:
        await talk.everything()
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


@pytest.mark.parametrize(
    ("frames", "code", "reason"),
    [
        ([SUBSCRIBE], 4401, "Unauthorized"),
        ([INIT, INIT], 4429, "Too many initialisation requests"),
        ([INIT, SUBSCRIBE, SUBSCRIBE], 4409, "Subscriber for a already exists"),
        (["{"], 4400, "A message is a JSON object in a text frame"),
        (["[]"], 4400, "A message is a JSON object in a text frame"),
        ([INIT.encode()], 4400, "A message is a JSON object in a text frame"),
        ([INIT, '{"type":"start"}'], 4400, INVALID),
        ([INIT, '{"type":"subscribe","id":"a"}'], 4400, INVALID),
        ([INIT, '{"type":"subscribe","id":"","payload":{}}'], 4400, INVALID),
        ([INIT, '{"type":"subscribe","id":"a","payload":{}}'], 4400, "The field query is missing or not a string."),
        (['{"type":"connection_init","payload":[]}'], 4400, "The payload of connection_init is an object"),
    ],
)  # fmt: skip
async def test_wrong_messages_close_with_their_code(
    served: Served, frames: list[str | bytes], code: int, reason: str
) -> None:
    async with talking(served) as talk:
        for frame in frames:
            await talk.connection.send(frame)
        assert await closed(talk) == (code, reason)


async def test_another_subprotocol_is_not_acceptable(served: Served) -> None:
    async with talking(served, subprotocols=None) as talk:
        assert await closed(talk) == (4406, "Subprotocol not acceptable")


@pytest.mark.parametrize("place_of_token", ["payload", "header"])
async def test_token_that_cannot_be_verified_is_forbidden(served: Served, place_of_token: str) -> None:
    wrong = {"Authorization": "Bearer nonsense"}
    async with talking(served, additional_headers=wrong if place_of_token == "header" else None) as talk:
        await talk.say(type="connection_init", payload=wrong if place_of_token == "payload" else None)
        code, reason = await closed(talk)
    assert (code, reason[:10]) == (4403, "Forbidden:")


async def test_silent_connection_is_closed_in_time() -> None:
    received: deque[Message] = deque([{"type": "websocket.connect"}])
    sent: list[Message] = []

    async def receive() -> Message:
        if received:
            return received.popleft()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    endpoint = WebSocketEndpoint(None, None, init_timeout_s=0.01)  # type: ignore[arg-type]
    await endpoint({"type": "websocket", "headers": [], "subprotocols": ["graphql-transport-ws"]}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert (sent[1]["code"], sent[1]["reason"]) == (4408, "Connection initialisation timeout")


async def test_query_over_websocket_is_the_http_answer(served: Served) -> None:
    async with httpx.AsyncClient() as client, talking(served) as talk:
        posted = (await client.post(served.http, json={"query": QUERY})).text
        await talk.initialise()
        await talk.say(type="subscribe", id='"一"', payload={"query": QUERY})
        frame = await talk.connection.recv()
        assert frame == '{"id":"\\"一\\"","type":"next","payload":' + posted + "}"
        assert await talk.hear() == {"id": '"一"', "type": "complete"}
    assert "山西省" in posted


async def test_token_counts_from_payload_and_from_header(served: Served, token: str) -> None:
    query = "{ viewer { subject } }"
    seen: list[Any] = []
    for header, payload in ((None, token), (token, None)):
        headers = {"Authorization": f"Bearer {header}"} if header else None
        async with talking(served, additional_headers=headers) as talk:
            await talk.initialise(payload)
            await talk.say(type="subscribe", id="1", payload={"query": query})
            seen.append(await talk.next("1"))
    assert seen == [{"subject": "cadre"}] * 2


async def test_mutation_is_heard_by_a_subscription_of_the_same_connection(
    served: Served, place: Place, token: str
) -> None:
    mutation = "mutation ($id: ID!) { listTopic(input: {topic: $id}) { topic { status } errors { code } } }"
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("changes", CHANGED, within=place.code)
        topic = await place.propose()
        assert (await talk.next("changes"))["type"] == "topic.proposed"
        await talk.say(type="subscribe", id="act", payload={"query": mutation, "variables": {"id": f"topic_{topic}"}})
        heard = [await talk.hear() for _ in range(3)]
    payloads = {message["id"]: message["payload"] for message in heard if message["type"] == "next"}
    assert payloads["act"] == {"data": {"listTopic": {"topic": {"status": "LISTED"}, "errors": []}}}
    assert payloads["changes"]["data"]["topicChanged"]["type"] == "topic.listed"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { topicChanged(within: "1") { type } }', "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { topicChanged(within: "14", after: "event_1") { type } }', "BAD_USER_INPUT"),
        ('subscription { topicChanged(within: "14", after: "topic_01a20cac-b22e-73f6-b97d-4a66700c0063") { type } }',
         "BAD_USER_INPUT"),
        ('subscription { topicChanged(within: "14", after: "event_01a20cac-b22e-73f6-b97d-4a66700c0063") { type } }',
         "NOT_FOUND"),
        ('subscription { topicChanged(within: "14") @skip(if: true) { type } }', "GRAPHQL_VALIDATION_FAILED"),
        (SKIPPED, "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { a: topicChanged(within: "14") { type } b: topicChanged(within: "14") { type } }',
         "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_refused_operation_is_an_error_and_the_connection_goes_on(served: Served, query: str, code: str) -> None:
    async with talking(served) as talk:
        await talk.initialise()
        await talk.say(type="subscribe", id="x", payload={"query": query})
        message = await talk.hear()
        assert (message["id"], message["type"]) == ("x", "error")
        assert {error["extensions"]["code"] for error in message["payload"]} == {code}
        await talk.say(type="subscribe", id="x", payload={"query": "{ __typename }"})
        assert (await talk.hear())["payload"] == {"data": {"__typename": "Query"}}


async def test_completed_subscription_is_heard_no_more_and_its_id_is_free(
    served: Served, place: Place, token: str
) -> None:
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", CHANGED, within=place.code)
        topic = await place.propose()
        await talk.next("a")
        await talk.say(type="complete", id="a")
        await talk.say(type="complete", id="never")
        await talk.silence()
        await place.list_(topic)
        await talk.silence()
        await talk.subscribe("a", CHANGED, within=place.code)
        await place.withdraw(topic)
        assert (await talk.next("a"))["type"] == "topic.withdrawn"


async def test_aliases_fragments_and_typename_come_as_selected(served: Served, place: Place, token: str) -> None:
    query = """subscription ($within: DivisionCode!) { change: topicChanged(within: $within) { ...On } }
    fragment On on TopicChange { __typename kind: type topic { __typename platform { division { code } } } }"""
    async with talking(served) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", query, within=place.code)
        await place.propose()
        message = await talk.hear()
    division = {"division": {"code": place.code}}
    change = {"__typename": "TopicChange", "kind": "topic.proposed"}
    topic = {"__typename": "Topic", "platform": division}
    assert message["payload"] == {"data": {"change": {**change, "topic": topic}}}


async def test_a_long_answer_comes_in_fragments_whole_and_the_same_as_over_http(
    served: Served, place: Place, token: str
) -> None:
    await place.propose(summary="水" * 5_000)
    many = " ".join(f"a{n}: summary" for n in range(2 * PART // 15_000))
    query = f'{{ topics(filter: {{within: "{place.code}"}}) {{ nodes {{ {many} }} }} }}'
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        answer = (await client.post(served.http, json={"query": query})).text
    async with talking(served, max_size=None) as talk:
        await talk.initialise(token)
        for key in "ab":
            await talk.say(type="subscribe", id=key, payload={"query": query})
        messages = [[str(part) async for part in talk.connection.recv_streaming()] for _ in range(4)]
    complete, next_ = '{"id":"%s","type":"complete"}', '{"id":"%s","type":"next","payload":%s}'
    said = {"".join(parts) for parts in messages}
    assert said == {complete % key for key in "ab"} | {next_ % (key, answer) for key in "ab"}
    assert max(map(len, messages)) == len(answer.encode()) // PART + 1 > 1


async def test_operation_is_refused_in_the_language_of_the_handshake_or_of_its_payload(served: Served) -> None:
    document = {"query": "{ topics(first: 101) { totalCount } }"}
    chinese, english = "每页0至100项；所求为101项。", "A page has 0 to 100 items; 101 were asked for."
    for handshake, payload, message in (
        ({}, {}, english),
        ({"Accept-Language": "zh-CN"}, {}, chinese),
        ({}, {"acceptLanguage": "zh-CN,en;q=0.5"}, chinese),
        ({"Accept-Language": "zh"}, {"acceptLanguage": "en"}, english),
    ):
        async with talking(served, additional_headers=handshake) as talk:
            await talk.say(type="connection_init", payload=payload)
            assert await talk.hear() == {"type": "connection_ack"}
            await talk.say(type="subscribe", id="a", payload=document)
            assert [error["message"] for error in (await talk.hear())["payload"]["errors"]] == [message]
