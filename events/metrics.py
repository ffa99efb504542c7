"""What a relay and an intake count, for Prometheus. Each process has one registry."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from events.batches import Outcome
from services.core.security import SecurityLog
from services.notices.backlog import Backlog

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)


class RelayMetrics:
    """What one relay counts, and what waits in the rows and in the queues as it last saw it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._confirm = Histogram(
            "shangliang_confirm_seconds",
            "Time from a publish to the broker's confirm.",
            buckets=SECONDS,
            registry=self.registry,
        )
        publishes = Counter("shangliang_publishes", "Publishes by how they ended.", ["outcome"], registry=self.registry)
        self._publishes = {outcome: publishes.labels(outcome.name.lower()) for outcome in Outcome}
        self._pending = self._gauge("shangliang_notices_pending", "Notices that wait to be sent.")
        self._parked = self._gauge("shangliang_notices_parked", "Notices that wait for an operator.")
        self._oldest = self._gauge(
            "shangliang_oldest_pending_seconds", "How long the oldest notice has waited to be sent; 0 where none waits."
        )
        self._paused = self._gauge("shangliang_departments_paused", "Departments that are left alone for a while.")
        self._reminders = Counter(
            "shangliang_reminders", "Reminders of notices that were not answered in time.", registry=self.registry
        )
        self._alerts = Counter(
            "shangliang_unanswered", "Notices that were not answered after a reminder either.", registry=self.registry
        )
        self._due = Counter(
            "shangliang_commitments_due", "Commitments of which it was told that they are due.", registry=self.registry
        )
        self._overdue = Counter(
            "shangliang_sessions_overdue",
            "Topics of sessions whose lead department was told that the minutes are missing.",
            registry=self.registry,
        )
        self._queues = Gauge(
            "shangliang_queue_messages", "Messages in a queue of the broker.", ["queue"], registry=self.registry
        )

    def _gauge(self, name: str, meaning: str) -> Gauge:
        """Return a gauge that is not a number until it was seen."""
        gauge = Gauge(name, meaning, registry=self.registry)
        gauge.set(nan)
        return gauge

    def published(self, outcome: Outcome, seconds: float) -> None:
        """Count a publish that ended."""
        self._publishes[outcome].inc()
        if outcome is Outcome.ACKED:
            self._confirm.observe(seconds)

    def waiting(self, seen: Backlog | None, now: datetime) -> None:
        """Note what waits in the rows; None where that cannot be known now."""
        since = seen.oldest_pending_at if seen else None
        self._pending.set(seen.pending if seen else nan)
        self._parked.set(seen.parked if seen else nan)
        self._paused.set(seen.paused_departments if seen else nan)
        self._oldest.set((max((now - since).total_seconds(), 0) if since else 0) if seen else nan)

    def reminded(self, count: int) -> None:
        """Count reminders."""
        self._reminders.inc(count)

    def alerted(self, count: int) -> None:
        """Count notices that an operator has to look after."""
        self._alerts.inc(count)

    def told_due(self, count: int) -> None:
        """Count commitments whose departments were told that they are due."""
        self._due.inc(count)

    def told_overdue(self, count: int) -> None:
        """Count topics of sessions whose lead departments were told that the minutes are missing."""
        self._overdue.inc(count)

    def queued(self, depths: Mapping[str, int]) -> None:
        """Note how many messages are in each queue; nothing of a queue that is not named."""
        self._queues.clear()
        for queue, messages in depths.items():
            self._queues.labels(queue).set(messages)


class ReplyEnd(Enum):
    """What became of a reply."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class IntakeMetrics:
    """What one intake counts."""

    def __init__(self, security: SecurityLog | None = None) -> None:
        self.registry = CollectorRegistry()
        self.security = security or SecurityLog()
        self.registry.register(self.security.counter)
        replies = Counter("shangliang_replies", "Replies by what became of them.", ["outcome"], registry=self.registry)
        self._replies = {end: replies.labels(end.value) for end in ReplyEnd}
        self._held_back = Gauge(
            "shangliang_departments_held_back",
            "Departments whose replies wait: they send too many, or nothing keeps a rejected one.",
            registry=self.registry,
        )

    def replied(self, end: ReplyEnd) -> None:
        """Count a reply that is done with."""
        self._replies[end].inc()

    def held_back(self, count: int) -> None:
        """Note how many departments' replies wait for their turn."""
        self._held_back.set(count)
