"""How fast a relay drains a committed backlog, beside raw confirmed publishing of the same bodies to the same queues.

Raw publishing keeps as many messages under way as the relay has in a batch, always: a confirm lets the next one go.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractMessage

from events.messages.outgoing import message_of, routing_key
from events.names import EVENTS
from events.permissions import login
from events.relay import RelaySettings
from tests.benchmarks import usage
from tests.benchmarks.database import Say
from tests.benchmarks.events.backlog import NotDelivered, commit, drained, notices, tidy
from tests.benchmarks.events.place import Lane, Place
from tests.benchmarks.events.relaying import relaying
from tests.benchmarks.figures import Spread

PUBLIC_URL = "https://api.example.org"


@dataclass(frozen=True, slots=True)
class Shape:
    """Whom a backlog is for."""

    name: str
    title: str
    departments: int
    topics: int
    share: float
    """Of the notices that a round sends in the other shapes."""
    target: float | None = None


SHAPES = (
    Shape("one", "one department, 1,000 topics", 1, 1_000, 1.0, 0.5),
    Shape("many", "1,000 departments, one topic", 1_000, 1, 1.0, 0.5),
    Shape("lane", "one department, one topic", 1, 1, 0.1),
)


@dataclass(frozen=True, slots=True)
class Round:
    """Notices a second, and processor time of the publishing process for each in µs."""

    relay: float
    raw: float
    relay_us: float
    raw_us: float


@dataclass(frozen=True, slots=True)
class Throughput:
    """The rounds of one shape."""

    shape: Shape
    rounds: Sequence[Round]

    def of(self, attribute: str) -> Spread:
        """Return the spread of one figure."""
        found = Spread.of(getattr(one, attribute) for one in self.rounds)
        assert found is not None
        return found

    @property
    def ratio(self) -> Spread:
        """Return the relay's over raw publishing's, round by round."""
        found = Spread.of(one.relay / one.raw for one in self.rounds)
        assert found is not None
        return found


async def measure(place: Place, shape: Shape, rounds: int, count: int, say: Say) -> Throughput:
    """Drain and publish in turn, the other one first in every second round; a round before them is not counted.

    The relay and raw publishing have one connection each for all rounds: the first message to a queue is dear.
    """
    lanes = await place.lanes(shape.departments, shape.topics)
    count = max(int(count * shape.share), 1)
    done = []
    async with relaying(place) as relay, await aio_pika.connect(place.amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EVENTS, ensure=False)
        for number in range(rounds + 1):
            say(f"{shape.title}: round {number} of {rounds}")
            first = await _drain(place, lanes, count, relay.pid) if number % 2 else None
            raw = await _publish(place, exchange, lanes, count)
            second = first or await _drain(place, lanes, count, relay.pid)
            done.append(Round(second[0], raw[0], second[1], raw[1]))
    return Throughput(shape, done[1:])


async def _drain(place: Place, lanes: Sequence[Lane], count: int, relay: int) -> tuple[float, float]:
    """Return notices a second from the commit of a backlog to its last confirm, and the relay's µs for each."""
    await tidy(place)
    backlog = notices(lanes, count)
    used = usage.used_us(relay)
    began = await commit(place, lanes, backlog)
    took = await drained(place, backlog) - began
    used = usage.used_us(relay) - used
    await _arrived(place, lanes, count)
    return count / took.total_seconds(), used / count


async def _publish(place: Place, exchange: AbstractExchange, lanes: Sequence[Lane], count: int) -> tuple[float, float]:
    """Return messages a second of raw publishing, and this process's µs for each."""
    backlog = notices([replace(one) for one in lanes], count)
    account = login(place.amqp_url)[0]
    messages = [(message_of(one, public_url=PUBLIC_URL, account=account), routing_key(one)) for one in backlog]
    rest = iter(messages)
    used, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(_publisher(exchange, rest) for _ in range(RelaySettings().window)))
    took, used = time.perf_counter() - began, time.process_time() - used
    await _arrived(place, lanes, count)
    return count / took, 1e6 * used / count


async def _publisher(exchange: AbstractExchange, messages: Iterator[tuple[AbstractMessage, str]]) -> None:
    """Publish one message after the other, each confirmed, until none is left."""
    for message, key in messages:
        await exchange.publish(message, key, mandatory=True, timeout=RelaySettings().confirm_timeout_s)


async def _arrived(place: Place, lanes: Sequence[Lane], count: int) -> None:
    """Empty the inboxes. Raises NotDelivered unless they had each message once."""
    arrived = await place.empty(len({one.department.id for one in lanes}))
    if arrived != count:
        raise NotDelivered(f"{arrived} messages came of {count}")
