"""Scrapes by Prometheus: a process's own metrics, and those of several processes as one's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Metric, start_http_server

SINCE = ("_created", "process_start_time_seconds")
"""End the names of samples that say since when something is there."""
GAUGE = "gauge"

Family = tuple[str, str, str, list[tuple[str, dict[str, str], float]]]
"""A metric as it is sent from process to process: name, meaning, kind, and its samples with their labels."""


@contextmanager
def served(registry: CollectorRegistry, *, host: str, port: int | None) -> Iterator[None]:
    """Answer scrapes at `/metrics` until the block ends, where a port is given. Raises OSError when it is taken."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port, host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def families(metrics: Iterable[Metric]) -> list[Family]:
    """Return metrics as they are sent."""
    return [
        (metric.name, metric.documentation, metric.type, [(one.name, one.labels, one.value) for one in metric.samples])
        for metric in metrics
    ]


def counted(told: Iterable[Family]) -> list[Family]:
    """Return what stays true of a process that has ended: what it counted, not what it had just then."""
    return [family for family in told if family[2] != GAUGE]


def summed(processes: Iterable[Iterable[Family]]) -> list[Metric]:
    """Return what several processes count together."""
    metrics: dict[str, Metric] = {}
    sums: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = defaultdict(dict)
    for told in processes:
        for name, meaning, kind, samples in told:
            metrics.setdefault(name, Metric(name, meaning, kind))
            of_metric = sums[name]
            for sample, labels, value in samples:
                key = sample, tuple(labels.items())
                before = of_metric.get(key)
                if before is None:
                    of_metric[key] = value
                else:
                    of_metric[key] = min(before, value) if sample.endswith(SINCE) else before + value
    for name, metric in metrics.items():
        for (sample, pairs), value in sums[name].items():
            metric.add_sample(sample, dict(pairs), value)
    return list(metrics.values())
