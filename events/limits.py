"""How much of the broker one department may take: what goes beyond harms nobody but itself.

Limits of queues are in bytes and messages, and every queue refuses what goes beyond: nothing that the broker confirmed
is dropped. For RabbitMQ 3.10 and later.
"""

from typing import Any

CONNECTIONS = 10
CHANNELS = 50
"""Of one department's account at once; the broker refuses the next."""
OTHERS_CONNECTIONS = 200
"""What a vhost takes beside its departments' connections: relays, intakes, operators."""

MOST_EVENTS = 100_000
MOST_EVENT_BYTES = 256 * 2**20
"""In a department's inbox, and as much in its dead queue. The relay keeps what goes beyond in its rows."""
MOST_REPLIES = 10_000
MOST_REPLY_BYTES = 16 * 2**20
"""Of a department that wait to be taken in."""
MOST_REJECTED = 100_000
MOST_REJECTED_BYTES = 256 * 2**20
MOST_PARKED = 1_000
MOST_PARKED_BYTES = 16 * 2**20
"""Of a department's refused replies while the queue of all rejected ones is full."""

REPLIES_PER_S = 20.0
REPLIES_AT_ONCE = 1_000
"""What an intake takes in of a department: so many at once, then so many in a second; others wait in its queue."""

ACCOUNT = {"max-connections": CONNECTIONS, "max-channels": CHANNELS}


def vhost_limits(departments: int) -> dict[str, int]:
    """Return a vhost's limits: no department can use up what the others and the installation need."""
    return {"max-connections": OTHERS_CONNECTIONS + CONNECTIONS * departments}


def bounded(messages: int, size: int) -> dict[str, Any]:
    """Return the part of a policy that lets a queue refuse what goes beyond so many messages or bytes."""
    return {"overflow": "reject-publish", "max-length": messages, "max-length-bytes": size}


class Pace:
    """How fast one department's replies are taken in: a bucket that holds `REPLIES_AT_ONCE` and fills evenly."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str, now_s: float) -> float:
        """Take one of a name's replies and return after how many seconds its turn comes; 0 at once."""
        left, seen_s = self._buckets.get(name, (float(REPLIES_AT_ONCE), now_s))
        left = min(left + (now_s - seen_s) * REPLIES_PER_S, REPLIES_AT_ONCE) - 1
        self._buckets[name] = left, now_s
        return max(-left, 0) / REPLIES_PER_S
