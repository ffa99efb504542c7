"""Exchanges, queues, bindings, policies and permissions, made from the registry. For RabbitMQ 3.10 and later."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import aio_pika

from events.limits import account_limits, bounded, vhost_limits
from events.management import TIMEOUT_S, open_management
from events.names import (
    DEAD,
    EVENTS,
    PARKED,
    REJECTED,
    REJECTED_INBOX,
    REPLIES,
    REPLIES_INBOX,
    STRAYS,
    dead,
    inbox,
    parked,
    replies,
)
from events.passwords import password_hash
from events.permissions import OwnAccount, rights_of
from services.core.limits import AgencyLimits
from services.notices.channels import Channel

EXCHANGES = {EVENTS: False, REPLIES: False, STRAYS: True, DEAD: True, REJECTED: False, PARKED: False}
"""Names, and whether only the broker publishes there. Where no queue takes a reply, it goes to the strays by policy; no
other exchange has an alternate: it would hide mandatory returns."""

QUORUM = {"x-queue-type": "quorum"}
ONE_CONSUMER = {**QUORUM, "x-single-active-consumer": True}
MOST_DELIVERIES = 20
MOST_REPLY_DELIVERIES = 100
"""The consumer is our own: what counts is mostly its restarts, and a reply is not to blame for those."""
NO_LIMIT = 1_000_000
IMPORTED_AT_ONCE = 25
"""Departments whose queues one request makes: the broker answers it when all are there, which takes some ms each."""
UNSET = (
    "policies (bounds of queues, dead letters, delivery limits), limits of departments' accounts (connections, "
    "channels) and of the vhost (connections), accounts and rights"
)
"""What AMQP alone does not set."""

Binding = tuple[str, str, str]


def queues(channels: Sequence[Channel]) -> dict[str, dict[str, Any]]:
    """Return every queue's name and arguments. All else about queues is policy, which can change later."""
    found: dict[str, dict[str, Any]] = {REPLIES_INBOX: dict(ONE_CONSUMER), REJECTED_INBOX: dict(QUORUM)}
    for channel in channels:
        found[inbox(channel.code)] = dict(ONE_CONSUMER)
        found[dead(channel.code)] = dict(QUORUM)
        found[replies(channel.code)] = dict(ONE_CONSUMER)
        found[parked(channel.code)] = dict(QUORUM)
    return found


def bindings(channels: Sequence[Channel]) -> list[Binding]:
    """Return (exchange, queue, routing key). Every reply reaches a queue, so that a typo gets a reasoned refusal."""
    shared = [(STRAYS, REPLIES_INBOX, "#"), (REJECTED, REJECTED_INBOX, "#")]
    return [*shared, *(binding for channel in channels for binding in bindings_of(channel))]


def bindings_of(channel: Channel) -> list[Binding]:
    """Return the bindings of a department's queues."""
    key = f"{channel.code}.#"
    return [
        (EVENTS, inbox(channel.code), key),
        (DEAD, dead(channel.code), key),
        (REPLIES, replies(channel.code), key),
        (PARKED, parked(channel.code), key),
    ]


def policies(limits: AgencyLimits) -> list[dict[str, Any]]:
    """Return the policies, by which queues are bounded too.

    Delivery limits keep order too: without one a message given back goes to the queue's end (seen on 3.10), and
    4.x sets one of 20 and drops what passes it where no dead-letter exchange is named.
    """
    events = bounded(limits.events, limits.event_bytes)
    waiting = bounded(limits.replies, limits.reply_bytes)
    rejected = bounded(limits.rejected, limits.rejected_bytes)
    aside = bounded(limits.parked, limits.parked_bytes)
    surely = {"dead-letter-strategy": "at-least-once"}
    given_up = {**surely, "dead-letter-exchange": DEAD, "delivery-limit": MOST_DELIVERIES}
    refused = {**surely, "dead-letter-exchange": REJECTED, "delivery-limit": MOST_REPLY_DELIVERIES}
    kept = {"delivery-limit": NO_LIMIT}
    return [
        _policy("agency-inbox", r"^agency\..*\.inbox$", {**events, **given_up}),
        _policy("agency-dead", r"^agency\..*\.dead$", {**events, **kept}),
        _policy("agency-replies", r"^agency\..*\.replies$", {**waiting, **refused}),
        _policy("agency-parked", r"^agency\..*\.parked$", {**aside, **kept}),
        _policy("replies", f"^{re.escape(REPLIES_INBOX)}$", {**rejected, **refused}),
        _policy("rejected", f"^{re.escape(REJECTED_INBOX)}$", {**rejected, **kept}),
        _policy("strays", f"^{re.escape(REPLIES)}$", {"alternate-exchange": STRAYS}, of="exchanges"),
    ]


def _policy(name: str, pattern: str, definition: dict[str, Any], *, of: str = "queues") -> dict[str, Any]:
    """Return one policy."""
    return {"name": name, "pattern": pattern, "apply-to": of, "priority": 10, "definition": definition}


def definitions(channels: Sequence[Channel], limits: AgencyLimits) -> dict[str, Any]:
    """Return the definitions document of one vhost, as the management API imports it."""
    return {
        "exchanges": [
            {
                "name": name,
                "type": "topic",
                "durable": True,
                "auto_delete": False,
                "internal": internal,
                "arguments": {},
            }
            for name, internal in EXCHANGES.items()
        ],
        "queues": [
            {"name": name, "durable": True, "auto_delete": False, "arguments": arguments}
            for name, arguments in queues(channels).items()
        ],
        "bindings": [
            {
                "source": exchange,
                "destination": queue,
                "destination_type": "queue",
                "routing_key": key,
                "arguments": {},
            }
            for exchange, queue, key in bindings(channels)
        ],
        "policies": policies(limits),
    }


def parts(channels: Sequence[Channel], limits: AgencyLimits) -> Iterator[dict[str, Any]]:
    """Return the definitions in documents that one request each imports in time, what all departments share first."""
    shared = definitions([], limits)
    yield shared
    for start in range(0, len(channels), IMPORTED_AT_ONCE):
        some = definitions(channels[start : start + IMPORTED_AT_ONCE], limits)
        yield {part: [one for one in some[part] if one not in shared[part]] for part in ("queues", "bindings")}


async def apply_topology(
    channels: Sequence[Channel],
    *,
    amqp_url: str,
    api_url: str | None,
    limits: AgencyLimits,
    own: Sequence[OwnAccount] = (),
) -> None:
    """Bring the vhost of the AMQP address to the topology. Safe to repeat; queues of others are left alone.

    Through the management API where its address is given, with the rights of those departments that have an
    account and with the installation's own accounts; else over AMQP, without what `UNSET` names. Raises
    httpx.HTTPError or one of the broker's errors when it cannot be done.
    """
    if api_url is None:
        await _declare(channels, amqp_url)
        return
    async with open_management(api_url, amqp_url) as management:
        bound = await management.bindings()
        lacking = [channel for channel in channels if not bound.issuperset(bindings_of(channel))]
        for part in parts(lacking, limits):
            await management.import_definitions(part)
        await management.unbind(REPLIES, REPLIES_INBOX, "#")  # as it was before each department had a queue for replies
        await management.limit_vhost(vhost_limits(limits, len(channels)))
        accounts = await management.accounts()
        for account in own:
            await management.put_account(account.rights.account, password_hash(account.password))
        named = {account.rights.account for account in own} | set(accounts)
        await management.permit([one for one in rights_of(channels, own) if one.account in named])
        await management.limit_accounts({one.code: account_limits(limits) for one in channels if one.code in accounts})


async def _declare(channels: Iterable[Channel], amqp_url: str) -> None:
    """Declare exchanges, queues and bindings over AMQP."""
    channels = list(channels)
    connection = await aio_pika.connect(amqp_url, timeout=TIMEOUT_S)
    async with connection:
        channel = await connection.channel()
        for name, internal in EXCHANGES.items():
            await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True, internal=internal)
        declared = {
            name: await channel.declare_queue(name, durable=True, arguments=arguments)
            for name, arguments in queues(channels).items()
        }
        for exchange, queue, key in bindings(channels):
            await declared[queue].bind(exchange, key)
        await declared[REPLIES_INBOX].unbind(REPLIES, "#")
