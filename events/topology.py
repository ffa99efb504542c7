"""Exchanges, queues, bindings, policies and permissions, made from the registry. For RabbitMQ 3.10 and later."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import aio_pika
import structlog

from events.management import TIMEOUT_S, open_management
from events.names import DEAD, EVENTS, REJECTED, REJECTED_INBOX, REPLIES, REPLIES_INBOX, dead, inbox
from events.passwords import password_hash
from events.permissions import OwnAccount, rights_of
from services.notices.channels import Channel

EXCHANGES = {EVENTS: False, REPLIES: False, DEAD: True, REJECTED: False}
"""Names, and whether only the broker publishes there. None has an alternate: it would hide mandatory returns."""

QUORUM = {"x-queue-type": "quorum"}
ONE_CONSUMER = {**QUORUM, "x-single-active-consumer": True}
MOST_MESSAGES = 100_000
MOST_DELIVERIES = 20
MOST_REPLY_DELIVERIES = 100
"""The consumer is our own: what counts is mostly its restarts, and a reply is not to blame for those."""
NO_LIMIT = 1_000_000

Binding = tuple[str, str, str]

log = structlog.get_logger()


def queues(channels: Sequence[Channel]) -> dict[str, dict[str, Any]]:
    """Return every queue's name and arguments. All else about queues is policy, which can change later."""
    found: dict[str, dict[str, Any]] = {REPLIES_INBOX: dict(ONE_CONSUMER), REJECTED_INBOX: dict(QUORUM)}
    for channel in channels:
        found[inbox(channel.code)] = dict(ONE_CONSUMER)
        found[dead(channel.code)] = dict(QUORUM)
    return found


def bindings(channels: Sequence[Channel]) -> list[Binding]:
    """Return (exchange, queue, routing key). Every reply reaches the inbox, so that a typo gets a reasoned refusal."""
    found = [(REPLIES, REPLIES_INBOX, "#"), (REJECTED, REJECTED_INBOX, "#")]
    for channel in channels:
        found.append((EVENTS, inbox(channel.code), f"{channel.code}.#"))
        found.append((DEAD, dead(channel.code), f"{channel.code}.#"))
    return found


def policies() -> list[dict[str, Any]]:
    """Return the policies.

    Delivery limits keep order too: without one a message given back goes to the queue's end (seen on 3.10), and
    4.x sets one of 20 and drops what passes it where no dead-letter exchange is named.
    """
    bounded = {"overflow": "reject-publish", "max-length": MOST_MESSAGES}
    dead_letters = {**bounded, "dead-letter-strategy": "at-least-once"}
    inboxes = {**dead_letters, "dead-letter-exchange": DEAD, "delivery-limit": MOST_DELIVERIES}
    replies = {**dead_letters, "dead-letter-exchange": REJECTED, "delivery-limit": MOST_REPLY_DELIVERIES}
    kept = {**bounded, "delivery-limit": NO_LIMIT}
    return [
        _policy("agency-inbox", r"^agency\..*\.inbox$", inboxes),
        _policy("agency-dead", r"^agency\..*\.dead$", kept),
        _policy("replies", f"^{re.escape(REPLIES_INBOX)}$", replies),
        _policy("rejected", f"^{re.escape(REJECTED_INBOX)}$", kept),
    ]


def _policy(name: str, pattern: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return one policy over queues."""
    return {"name": name, "pattern": pattern, "apply-to": "queues", "priority": 10, "definition": definition}


def definitions(channels: Sequence[Channel]) -> dict[str, Any]:
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
        "policies": policies(),
    }


async def apply_topology(
    channels: Sequence[Channel], *, amqp_url: str, api_url: str | None, own: Sequence[OwnAccount] = ()
) -> None:
    """Bring the vhost of the AMQP address to the topology. Safe to repeat; queues of others are left alone.

    Through the management API where its address is given, with the rights of those departments that have an
    account and with the installation's own accounts; else over AMQP, without policies and rights. Raises
    httpx.HTTPError or one of the broker's errors when it cannot be done.
    """
    if api_url is None:
        log.warning("no management API: policies (delivery limit, dead letters, overflow) and rights are not applied")
        await _declare(channels, amqp_url)
        return
    async with open_management(api_url, amqp_url) as management:
        await management.import_definitions(definitions(channels))
        accounts = await management.accounts()
        for account in own:
            await management.put_account(account.rights.account, password_hash(account.password))
        named = {account.rights.account for account in own} | set(accounts)
        await management.permit([one for one in rights_of(channels, own) if one.account in named])


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
