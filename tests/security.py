"""A security log whose lines are kept."""

from collections.abc import Mapping

from services.core.security import Circumstances, SecurityEvent, SecurityLog, Value

KEY = b"a key of the tests"


class Kept:
    """A security log whose lines are kept, and whose clock is set."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, Mapping[str, Value]]] = []
        self.now = 1_000.0
        self.log = SecurityLog(KEY, write=self._write, seconds=lambda: self.now)

    def _write(self, event: str, fields: Mapping[str, Value]) -> None:
        self.lines.append((event, fields))

    def about(self, subject: str | None = "王小明", address: str = "192.0.2.1") -> Circumstances:
        """Return circumstances in which this log is told."""
        return Circumstances(self.log, address, "request-1", subject)

    def counted(self, event: SecurityEvent) -> float:
        """Return how often an event was noted, as Prometheus is told."""
        (found,) = (
            sample.value
            for family in self.log.counter.collect()
            for sample in family.samples
            if sample.name.endswith("_total") and sample.labels["event"] == event.value
        )
        return found

    def taken(self) -> list[tuple[str, dict[str, Value]]]:
        """Return what was written, without the requests' ids and addresses, and forget it."""
        found = [
            (event, {name: value for name, value in fields.items() if name not in {"request", "address"}})
            for event, fields in self.lines
        ]
        self.lines.clear()
        return found
