"""How much of the broker one department may take, in the broker's words. For RabbitMQ 3.10 and later.

Every queue refuses what goes beyond its bounds: nothing that the broker confirmed is dropped.
"""

from typing import Any

from services.core.limits import AgencyLimits


def account_limits(limits: AgencyLimits) -> dict[str, int]:
    """Return the limits of a department's account."""
    return {"max-connections": limits.connections, "max-channels": limits.channels}


def vhost_limits(limits: AgencyLimits, departments: int) -> dict[str, int]:
    """Return a vhost's limits: no department can use up what the others and the installation need."""
    return {"max-connections": limits.other_connections + limits.connections * departments}


def bounded(messages: int, size: int) -> dict[str, Any]:
    """Return the part of a policy that lets a queue refuse what goes beyond so many messages or bytes."""
    return {"overflow": "reject-publish", "max-length": messages, "max-length-bytes": size}


class Pace:
    """How fast one department's replies are taken in: a bucket that holds some replies and fills evenly."""

    def __init__(self, limits: AgencyLimits) -> None:
        self._limits = limits
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str, now_s: float) -> float:
        """Take one of a name's replies and return after how many seconds its turn comes; 0 at once."""
        at_once, per_s = self._limits.replies_at_once, self._limits.replies_per_s
        left, seen_s = self._buckets.get(name, (float(at_once), now_s))
        left = min(left + (now_s - seen_s) * per_s, at_once) - 1
        self._buckets[name] = left, now_s
        return max(-left, 0) / per_s
