"""What a relay does beside delivering: it keeps the broker's topology, prunes the delivery log, reminds departments."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.metrics import RelayMetrics
from events.outage import Outage
from events.permissions import OwnAccount
from events.topology import apply_topology
from services.access.revocation import prune_revocations
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import Unavailable
from services.core.limits import AgencyLimits
from services.core.policy import Policy
from services.departments.commands import REGISTRY_CHANNEL
from services.notices.channels import enabled_channels
from services.notices.reminders import BATCH, alert, remind
from services.notices.retention import prune
from services.notices.wake import Wake, open_wake
from services.outcomes import deadlines as commitments
from services.sessions import deadlines as sessions
from services.trace.anchors import AnchorsBroken, append_anchor
from services.trace.heads import heads

TOPOLOGY_EVERY_S = 300.0
"""What somebody took away by hand is back after that; a new channel is heard of at once."""
PRUNE_EVERY_S = 3600.0
REMIND_EVERY_S = 300.0
ANCHOR_EVERY_S = 3600.0
POLL_S = 1.0

log = structlog.get_logger()


async def bring_topology(
    db: Database, *, amqp_url: str, api_url: str | None, limits: AgencyLimits, own: Sequence[OwnAccount] = ()
) -> int:
    """The broker has what the registry says; returns how many channels are enabled.

    Raises Unavailable, and what `apply_topology` raises.
    """
    async with db.write() as tx:
        channels = await enabled_channels(tx)
    await apply_topology(channels, amqp_url=amqp_url, api_url=api_url, limits=limits, own=own)
    return len(channels)


async def keep_topology(  # noqa: PLR0913 -- what it stands between
    db: Database,
    *,
    database_url: str,
    amqp_url: str,
    api_url: str,
    limits: AgencyLimits,
    stop: asyncio.Event,
    own: Sequence[OwnAccount] = (),
    every_s: float = TOPOLOGY_EVERY_S,
) -> None:
    """Bring the topology at once, when a channel comes into use, and every now and then, until stopped.

    Any number of processes may do this at once. What fails is tried again.
    """
    outage, failure = Outage("topology"), Outage("upkeep", traced=True)
    async with open_wake(database_url, REGISTRY_CHANNEL) as wake:
        while await _rung(wake, stop, every_s):
            try:
                await bring_topology(db, amqp_url=amqp_url, api_url=api_url, limits=limits, own=own)
            except (Unavailable, httpx.HTTPError) as error:
                wake.ring()
                await outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- it changed nothing that the next try would not
                wake.ring()
                await failure.wait(error, stop)
            else:
                outage.over()
                failure.over()


async def _rung(wake: Wake, stop: asyncio.Event, every_s: float) -> bool:
    """Wait until it is time again; False once stopped. Listening rings, so that nothing is missed before it."""
    due = asyncio.get_running_loop().time() + every_s
    while not stop.is_set():
        left_s = due - asyncio.get_running_loop().time()
        if await wake.wait(max(min(left_s, POLL_S), 0)) or left_s <= 0:
            return True
    return False


async def keep_retention(
    db: Database, *, policy: Policy, clock: Clock, stop: asyncio.Event, every_s: float = PRUNE_EVERY_S
) -> None:
    """Prune the delivery log, and revocations that are over, every now and then until stopped."""

    async def work() -> bool:
        notices, events = await prune(db, clock.now() - timedelta(days=policy.retention_days))
        if notices or events:
            log.info("pruned", notices=notices, events=events, days=policy.retention_days)
        if gone := await prune_revocations(db, clock.now()):
            log.info("pruned", revocations=gone)
        return False

    await _keep("retention", work, stop=stop, every_s=every_s)


async def keep_reminders(  # noqa: PLR0913 -- what it stands between
    db: Database,
    *,
    policy: Policy,
    clock: Clock,
    metrics: RelayMetrics,
    stop: asyncio.Event,
    every_s: float = REMIND_EVERY_S,
) -> None:
    """Remind departments of what they did not answer, and tell the operators later, until stopped.

    Any number of processes may do this at once: nobody is reminded of the same notice twice.
    """

    async def work() -> bool:
        async with db.write() as tx:
            alerted = await alert(Act(tx, Actor.system("reminders"), clock, policy))
        for one in alerted:
            log.error("not answered", department=one.department, notice=str(one.id), type=one.type)
        metrics.alerted(len(alerted))
        async with db.write() as tx:
            reminded = await remind(Act(tx, Actor.system("reminders"), clock, policy))
        metrics.reminded(len(reminded))
        return BATCH in {len(alerted), len(reminded)}

    await _keep("reminders", work, stop=stop, every_s=every_s)


async def keep_deadlines(  # noqa: PLR0913 -- what it stands between
    db: Database,
    *,
    policy: Policy,
    clock: Clock,
    metrics: RelayMetrics,
    stop: asyncio.Event,
    every_s: float = REMIND_EVERY_S,
) -> None:
    """Tell departments of commitments that are due, and of sessions whose minutes are missing, until stopped.

    Any number of processes may do this at once: nobody is told of the same date or session twice.
    """

    async def work() -> bool:
        async with db.write() as tx:
            due = await commitments.tell_due(Act(tx, Actor.system("deadlines"), clock, policy))
        metrics.told_due(due)
        async with db.write() as tx:
            overdue = await sessions.tell_overdue(Act(tx, Actor.system("deadlines"), clock, policy))
        metrics.told_overdue(overdue)
        return due == commitments.BATCH or overdue == sessions.BATCH

    await _keep("deadlines", work, stop=stop, every_s=every_s)


async def keep_anchors(  # noqa: PLR0913 -- what it stands between
    db: Database,
    directory: Path,
    key: Ed25519PrivateKey,
    *,
    clock: Clock,
    stop: asyncio.Event,
    every_s: float = ANCHOR_EVERY_S,
) -> None:
    """Anchor the trace every now and then until stopped. Any number of processes may do this in one directory."""

    async def work() -> bool:
        async with db.write() as tx:
            found = await heads(tx)
        try:
            anchor = await asyncio.to_thread(append_anchor, directory, key, found, clock.now())
        except AnchorsBroken as error:
            log.error("the trace is not as it was anchored", fault=error.message)  # noqa: TRY400 -- the fault says where
            return False
        log.info("trace anchored", anchor=anchor.number, entries=anchor.entries, root=anchor.root)
        return False

    await _keep("anchors", work, stop=stop, every_s=every_s)


async def _keep(what: str, work: Callable[[], Awaitable[bool]], *, stop: asyncio.Event, every_s: float) -> None:
    """Do some work every now and then until stopped, at once again where it says that there is more of it.

    It is first done after a part of that time, so that relays that start together do it apart. What fails is tried
    again the next time.
    """
    failure = Outage(what, traced=True)
    delay_s = every_s * random.random()  # noqa: S311 -- nothing to guess
    while not await _stopped(stop, delay_s):
        delay_s = every_s
        try:
            if await work():
                delay_s = 0
        except Exception as error:  # noqa: BLE001 -- the relay goes on beside it
            await failure.wait(error, stop)
        else:
            failure.over()


async def _stopped(stop: asyncio.Event, delay_s: float) -> bool:
    """Wait, but not once stopped; tell whether it was."""
    with suppress(TimeoutError):
        async with asyncio.timeout(delay_s):
            await stop.wait()
    return stop.is_set()
