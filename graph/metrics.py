"""What one process counts of its requests, for Prometheus."""

from collections.abc import Callable
from typing import Any

from graphql import OperationType
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from graph.recent import Recent
from services.core.readers import ReadTx

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one engine."""

    def __init__(self, plans: "Recent[Any, Any]", reads: ReadTx) -> None:
        self.registry = CollectorRegistry()
        seconds = Histogram(
            "shangliang_graphql_seconds",
            "Time from a well-formed request to its answer, by kind of operation.",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._seconds = {kind: seconds.labels(kind.value) for kind in OperationType}
        self._refused = Counter(
            "shangliang_graphql_refused", "Requests refused before they ran.", registry=self.registry
        )
        self.gauge("shangliang_plan_cache_entries", "Operations in the plan cache.", lambda: len(plans))
        self.gauge("shangliang_reads_waiting", "Reads on their way.", lambda: reads.waiting)
        self.registry.register(_PlanCache(plans))

    def gauge(self, name: str, meaning: str, value: Callable[[], int]) -> None:
        """Add a gauge whose value is read when the metrics are."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def answered(self, kind: OperationType, seconds: float) -> None:
        """Count an operation that ran."""
        self._seconds[kind].observe(seconds)

    def refused(self) -> None:
        """Count a request that did not run."""
        self._refused.inc()


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
