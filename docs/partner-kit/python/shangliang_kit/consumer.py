import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from aio_pika.abc import AbstractConnection, AbstractIncomingMessage, AbstractQueueIterator

from shangliang_kit.event import BadEvent, Event, event_of
from shangliang_kit.replies import FAULTS, TIMEOUT_S, Replies, ReplyFailed, account_of, connected, replies_over
from shangliang_kit.store import Store

PREFETCH = 1
"""The next message comes when this one is acknowledged: that, and nothing else, keeps the order over a failure."""
LONGEST_WAIT_S = 30.0
RENEW_S = 300.0
"""A consumer that was sent nothing for so long is made anew: RabbitMQ 3.10 was seen to delete a queue without telling
the consumer that had just begun."""

Handler = Callable[[Event, Replies], Awaitable[None]]
"""Takes one event. What it did is kept when it returns; when it raises, the event comes again after a while."""

log = logging.getLogger("shangliang.kit")


class Consumer:
    """Hands a department's events to a handler, one after another, each once unless the process dies in between.

    `received` is answered before the handler begins. An event whose handler raises is given back, and comes again
    before all others. The broker sets it aside in `agency.<code>.dead` when that happens too often; a message that is
    no event goes there at once.
    """

    def __init__(
        self, amqp_url: str, handler: Handler, store: Store, *, first_wait_s: float = 1.0, renew_s: float = RENEW_S
    ) -> None:
        self._amqp_url = amqp_url
        self._account = account_of(amqp_url)
        self._handler = handler
        self._store = store
        self._first_wait_s = first_wait_s
        self._renew_s = renew_s

    async def run(self) -> None:
        """Take events until the task is cancelled; what is in hand then comes again. Outages are waited out.

        Raises sqlite3.Error when the store cannot be written.
        """
        failures = 0
        while True:
            try:
                async with connected(self._amqp_url) as connection, inbox_of(connection, self._account) as messages:
                    replies = await replies_over(connection, self._account)
                    log.info("listening to the inbox of %s", self._account)
                    while (message := await self._next(messages)) is not None:
                        await self._take(message, replies)
                        failures = 0
                failures = 0
            except (*FAULTS, ReplyFailed) as error:
                if (task := asyncio.current_task()) and task.cancelling():  # a login that was cut may end as refused
                    raise asyncio.CancelledError from error
                log.warning("the inbox is out of reach: %r", error)
            await asyncio.sleep(self._wait_s(failures))
            failures += 1

    async def _next(self, messages: AbstractQueueIterator) -> AbstractIncomingMessage | None:
        """Return the next message; None when the broker ended the consumer, or when it is to be made anew."""
        try:
            async with asyncio.timeout(self._renew_s):
                message = await anext(messages, None)
        except TimeoutError:
            return None
        if message is None:
            log.warning("the broker ended the consumer")
        return message

    async def _take(self, message: AbstractIncomingMessage, replies: Replies) -> None:
        """Handle one message and acknowledge it, or give it back. Raises one of FAULTS, ReplyFailed."""
        try:
            event = event_of(message.body)
        except BadEvent as error:
            log.error("set aside: %s", error)  # noqa: TRY400 -- the text is all there is to say
            await message.reject(requeue=False)
            return
        if self._store.has(event):
            log.info("dropped a repeated %s %s", event.type, event.id)
        elif not await self._handled(self._store.placed(event), replies):
            await asyncio.sleep(self._wait_s(deliveries_before(message)))
            await message.reject(requeue=True)  # a nack does not count towards the limit on every broker
            return
        await message.ack()

    async def _handled(self, event: Event, replies: Replies) -> bool:
        """Tell whether the event is handled, and noted. Raises ReplyFailed."""
        try:
            await replies.received(event.id)
            await self._handler(event, replies)
        except ReplyFailed:
            raise
        except Exception:
            log.exception("could not handle %s %s", event.type, event.id)
            return False
        self._store.note(event)
        return True

    def _wait_s(self, failures: int) -> float:
        """Return how long to wait after so many failures: twice as long each time, up to LONGEST_WAIT_S."""
        longest: float = min(self._first_wait_s * 2 ** min(failures, 20), LONGEST_WAIT_S)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 -- it keeps consumers apart and is no secret


def deliveries_before(message: AbstractIncomingMessage) -> int:
    """Return how often the broker has delivered a message before, as it counts."""
    count = message.headers.get("x-delivery-count", 0)
    return count if isinstance(count, int) else 0


@asynccontextmanager
async def inbox_of(connection: AbstractConnection, account: str) -> AsyncIterator[AbstractQueueIterator]:
    """Lend the messages of a department's inbox; they end when the broker ends the consumer. Raises one of FAULTS."""
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=PREFETCH)
    messages = (await channel.get_queue(f"agency.{account}.inbox")).iterator()
    ends: set[asyncio.Future[None]] = set()

    async def end(_cancel: object) -> None:
        """End the messages when the broker cancels the consumer, as when its queue goes: nothing else would."""
        ends.add(asyncio.ensure_future(messages.close()))

    (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(end)
    await messages.consume()
    try:
        yield messages
    finally:
        with suppress(*FAULTS, ExceptionGroup):
            await asyncio.wait_for(messages.close(), TIMEOUT_S)
