"""One trace leads from what was done to the replies to it."""

import json
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from events.names import inbox
from services.core.tracing import span, trace_by, trace_id, traceparent
from tests.events.tools import account, intake, relay, reply, send, take_messages, until
from tests.servers import BrokerAddress
from tests.world import World

COURT = "qinshui-court"
OTHER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    """What this process traces, until the test ends."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace_by(provider.get_tracer("tests"))
    yield exporter
    trace_by(None)
    provider.shutdown()


def named(exported: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """Return the spans of a name that have ended."""
    return [one for one in exported.get_finished_spans() if one.name == name]


def trace_of(one: ReadableSpan) -> str:
    return f"{one.context.trace_id:032x}"


async def test_notices_and_replies_are_in_the_trace_of_what_led_to_them(
    world: World, declared: BrokerAddress, exported: InMemorySpanExporter
) -> None:
    with span("a request"):
        event_id = await world.announce(COURT)
        trace, told = trace_id(), traceparent()
    assert trace is not None
    assert told is not None
    async with relay(world.db, world.url, declared.url):
        (message,) = await take_messages(declared.url, inbox(COURT), 1)
    (sent,) = named(exported, "send shangliang.events")
    assert trace_of(sent) == trace
    assert json.loads(message.body)["traceparent"].split("-")[1] == trace == told.split("-")[1]
    assert str(message.headers["traceparent"]).split("-")[1:3] == [trace, f"{sent.context.span_id:016x}"]

    url = await account(declared, COURT)
    own = {**json.loads(reply("accepted", event_id)), "traceparent": f"00-{OTHER}-b7ad6b7169203331-01"}
    bad = {**json.loads(reply("completed", event_id)), "specversion": "0.3"}

    async def taken() -> bool:
        return len(named(exported, "process shangliang.replies")) == 3

    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
        await send(url, f"{COURT}.reply.accepted", json.dumps(own).encode(), COURT)
        await send(url, f"{COURT}.reply.completed", json.dumps(bad).encode(), COURT)
        await until(taken)
    replies = named(exported, "process shangliang.replies")
    assert [trace_of(one) for one in replies] == [trace, OTHER, trace]
    (refused,) = await world.rows("SELECT traceparent FROM event WHERE type = 'reply.rejected'")
    assert str(refused[0]).split("-")[1] == trace


async def test_a_span_tells_the_kind_of_an_error_and_no_word_of_it(exported: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="张三"), span("a request"):
        raise ValueError("张三, 13800138000")
    (one,) = exported.get_finished_spans()
    assert one.status.status_code is StatusCode.ERROR
    assert (dict(one.attributes or {}), one.events, one.status.description) == ({"error.type": "ValueError"}, (), None)


async def test_an_event_without_a_trace_has_none(world: World, declared: BrokerAddress) -> None:
    assert (traceparent(), trace_id()) == (None, None)
    await world.announce(COURT)
    async with relay(world.db, world.url, declared.url):
        (message,) = await take_messages(declared.url, inbox(COURT), 1)
    assert "traceparent" not in json.loads(message.body)
    assert "traceparent" not in (message.headers or {})
