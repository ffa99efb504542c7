from collections import OrderedDict


class Durations:
    """How long the server takes for each statement, as far as it is known."""

    UNKNOWN_S = 0.005
    WEIGHT = 0.2
    """Of the latest read in the moving average."""
    LONGEST_S, TIMES = 0.08, 4
    """What one read adds to the average at most, beside so many times what is known: the event loop may have halted."""
    MOST = 20_000
    """Statements that are known; which was asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self._expected: OrderedDict[int, float] = OrderedDict()
        """By the hash of a statement's text, for texts are long."""
        self._rough: set[int] = set()
        """Of those, which are known by a read that was planned first."""

    def known_s(self, sql: str) -> float | None:
        """Return what a read is known to take; None where it is not known."""
        key = hash(sql)
        if key not in self._expected:
            return None
        self._expected.move_to_end(key)
        return self._expected[key]

    def expected_s(self, sql: str) -> float:
        """Return what a read is expected to take."""
        return self._expected.get(hash(sql), self.UNKNOWN_S)

    def learn(self, sql: str, took_s: float, *, planned: bool = False) -> None:
        """Update the expectation by what a read took; one that was planned first tells only as long as no other has."""
        key = hash(sql)
        known = self._expected.get(key)
        if known is None or (key in self._rough and not planned):
            self._expected[key] = took_s
            (self._rough.add if planned else self._rough.discard)(key)
        elif not planned:
            counted_s = min(took_s, self.LONGEST_S + self.TIMES * known)
            self._expected[key] = known + self.WEIGHT * (counted_s - known)
        if len(self._expected) > self.MOST:
            self._rough.discard(self._expected.popitem(last=False)[0])

    def doubt(self, sql: str) -> None:
        """Forget what is known of a statement: it takes longer than that now."""
        key = hash(sql)
        self._expected.pop(key, None)
        self._rough.discard(key)
