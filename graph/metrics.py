"""What one process counts of its requests, for Prometheus."""

from collections.abc import Callable
from typing import Any

from graphql import OperationType
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from graph.recent import Recent
from services.core.codes import Code
from services.core.database import Database
from services.core.replicas import Replicas

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LAGS = (0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The counters of one engine."""

    def __init__(self, plans: "Recent[Any, Any]", db: Database) -> None:
        self.registry = CollectorRegistry()
        seconds = Histogram(
            "shangliang_graphql_seconds",
            "Time from a well-formed request to its answer, by kind of operation.",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._seconds = {kind: seconds.labels(kind.value) for kind in OperationType}
        self.errors = Counter(
            "shangliang_errors",
            "Errors that were told, refusals in payloads too, by code.",
            ["code"],
            registry=self.registry,
        )
        for code in Code:
            self.errors.labels(code)
        self._answers = Counter(
            "shangliang_http_answers", "Answers over HTTP by status.", ["status"], registry=self.registry
        )
        self._by_status: dict[int, Counter] = {}
        self._refused = Counter(
            "shangliang_graphql_refused", "Requests refused before they ran.", registry=self.registry
        )
        self.gauge("shangliang_plan_cache_entries", "Operations in the plan cache.", lambda: len(plans))
        self.gauge("shangliang_reads_waiting", "Reads on their way.", lambda: db.reads.waiting)
        self.gauge("shangliang_writes", "Transactions that have a connection.", lambda: db.relief.held)
        self.gauge("shangliang_writes_waiting", "Transactions that wait for a connection.", lambda: db.relief.waiting)
        waits = Histogram(
            "shangliang_write_wait_seconds",
            "How long transactions have waited for a connection.",
            buckets=SECONDS,
            registry=self.registry,
        )
        db.relief.on_waited = waits.observe
        self.registry.register(_PlanCache(plans))
        self._tell(db.replicas)

    def _tell(self, replicas: Replicas | None) -> None:
        """Add what is told of replicas, which is nothing where there are none."""
        lag = Histogram(
            "shangliang_replica_lag_seconds",
            "For how long the primary had been ahead of a replica whenever it was looked at.",
            ["replica"],
            buckets=LAGS,
            registry=self.registry,
        )
        if replicas is not None:
            replicas.on_lag = lambda replica, lag_s: lag.labels(replica).observe(lag_s)
        self.registry.register(_Replicas(replicas))

    def gauge(self, name: str, meaning: str, value: Callable[[], int]) -> None:
        """Add a gauge whose value is read when the metrics are."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def answered(self, kind: OperationType, seconds: float) -> None:
        """Count an operation that ran."""
        self._seconds[kind].observe(seconds)

    def answered_http(self, status: int) -> None:
        """Count an answer over HTTP."""
        if (answers := self._by_status.get(status)) is None:
            answers = self._by_status[status] = self._answers.labels(status)
        answers.inc()

    def refused(self) -> None:
        """Count a request that did not run."""
        self._refused.inc()


class _Replicas(Collector):
    """What servers answer reads, counted where they are sent."""

    def __init__(self, replicas: Replicas | None) -> None:
        self._replicas = replicas

    def collect(self) -> list[CounterMetricFamily | GaugeMetricFamily]:
        """Return reads by server, and which replicas are left out."""
        reads = CounterMetricFamily("shangliang_reads", "Reads that a server has answered.", labels=["server"])
        left_out = GaugeMetricFamily(
            "shangliang_replica_left_out", "Processes that ask a replica nothing.", labels=["replica"]
        )
        if self._replicas is not None:
            for server, number in self._replicas.reads.items():
                reads.add_metric([server], number)
            for replica, is_left_out in self._replicas.left_out.items():
                left_out.add_metric([replica], is_left_out)
        return [reads, left_out]


class _PlanCache(Collector):
    """The plan cache's hits and misses, counted where they happen."""

    def __init__(self, plans: "Recent[Any, Any]") -> None:
        self._plans = plans

    def collect(self) -> list[CounterMetricFamily]:
        """Return look-ups by outcome."""
        family = CounterMetricFamily("shangliang_plan_cache_lookups", "Look-ups in the plan cache.", labels=["outcome"])
        family.add_metric(["hit"], self._plans.hits)
        family.add_metric(["miss"], self._plans.misses)
        return [family]
