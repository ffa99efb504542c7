import asyncio
import re
from collections.abc import Callable, Iterator

from aio_pika.abc import AbstractIncomingMessage

from shangliang_kit.consumer import inbox_of
from shangliang_kit.event import CONTENT_TYPE, BadEvent, Event, event_of, numbers_missing
from shangliang_kit.replies import FAULTS, Replies, ReplyFailed, account_of, connected, replies_over

TEST = "cn.shangliang.system.test.v1"
ATTRIBUTES = ("source", "time", "datacontenttype", "dataschema")
SEQUENCE = re.compile(r"[0-9]{12}")
MOST_BYTES = 64 * 1024


class Check:
    """Tries a department's way: its account, its inbox, the form and the order of what comes, every answer.

    It takes what it examines, and answers it: for a test installation, or an inbox with nothing but tests.
    """

    def __init__(self, amqp_url: str, say: Callable[[str], None]) -> None:
        self._amqp_url = amqp_url
        self._account = account_of(amqp_url)
        self._say = say
        self._failures = 0
        self._seen: set[tuple[str, int]] = set()
        self._lanes: dict[str, int] = {}
        self._first = 0
        self._tests = 0

    async def run(self, *, count: int, timeout_s: float) -> bool:
        """Say what is right and what is wrong with the next events; tell whether all is right."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._listen(count)
        except (*FAULTS, ReplyFailed) as error:
            self._wrong(f"all of {count} events within {timeout_s:g} s: {len(self._seen)} came, then {error!r}")
        return not self._failures

    async def _listen(self, count: int) -> None:
        """Examine that many events. Raises one of FAULTS, ReplyFailed."""
        async with connected(self._amqp_url) as connection, inbox_of(connection, self._account) as messages:
            self._right(f"{self._account} may log in and read its inbox")
            replies = await replies_over(connection, self._account)
            async for message in messages:
                await self._examine(message, replies)
                await message.ack()
                if len(self._seen) >= count:
                    return
        raise ConnectionError("the broker ended the consumer")

    async def _examine(self, message: AbstractIncomingMessage, replies: Replies) -> None:
        """Say what one message is like, and answer it when it is an event. Raises ReplyFailed."""
        try:
            event = event_of(message.body)
        except BadEvent as error:
            self._wrong(f"a message is an event: {error}")
            return
        wrong = [*faults_of(message, event), *self._misplaced(event)]
        if wrong:
            self._wrong(f"{event.type} {event.id} is not as the contract says: {'; '.join(wrong)}")
        else:
            self._right(f"{event.type} {event.id} is as the contract says")
        if (event.id, event.replay) in self._seen:
            self._say(f"      {event.id} was repeated: drop it")
            return
        self._seen.add((event.id, event.replay))
        for verb in await self._answer(event, replies):
            self._right(f"the broker has the reply {verb}")

    def _misplaced(self, event: Event) -> Iterator[str]:
        """Give what is wrong with an event's place, and keep the place."""
        last = self._lanes.get(event.partition_key)
        repeated = (event.id, event.replay) in self._seen
        if last is not None and event.sequence <= last and not event.replay and not repeated:
            yield f"sequence {event.sequence} comes after {last}"
        self._first = max(self._first, event.first_sequence)
        missing = 0 if last is None else numbers_missing(event.sequence, last=last, first=self._first)
        if missing:
            self._say(f"      {missing} numbers are missing before {event.id}: an operator's decision")
        self._lanes[event.partition_key] = max(event.sequence, last or 0)

    async def _answer(self, event: Event, replies: Replies) -> list[str]:
        """Answer `received`, and a test with all the rest, every second one by `declined`. Raises ReplyFailed."""
        await replies.received(event.id)
        if event.type != TEST:
            return ["received"]
        self._tests += 1
        if self._tests % 2 == 0:
            await replies.declined(event.id, note="a test")
            return ["received", "declined"]
        await replies.accepted(event.id)
        await replies.progress(event.id, note="a test")
        await replies.completed(event.id)
        return ["received", "accepted", "progress", "completed"]

    def _right(self, what: str) -> None:
        self._say(f"ok    {what}")

    def _wrong(self, what: str) -> None:
        self._failures += 1
        self._say(f"WRONG {what}")


def faults_of(message: AbstractIncomingMessage, event: Event) -> Iterator[str]:
    """Give what is wrong with a message's form."""
    sequence = event.attributes["sequence"]
    missing = [name for name in ATTRIBUTES if not event.attributes.get(name)]
    if missing:
        yield f"without {', '.join(missing)}"
    if message.content_type != CONTENT_TYPE:
        yield f"its content type is {message.content_type!r}"
    if message.type != event.type:
        yield f"its AMQP type is {message.type!r}"
    if not message.message_id:
        yield "without message_id"
    if not SEQUENCE.fullmatch(sequence):
        yield f"its sequence {sequence!r} has not 12 digits"
    if len(message.body) > MOST_BYTES:
        yield f"its body has {len(message.body)} bytes"
