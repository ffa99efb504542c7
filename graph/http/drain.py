"""A process that is about to end and still answers."""

from time import monotonic


class Drain:
    """Tells whether a process asks not to be sent more. What reaches it is answered, each connection once more."""

    def __init__(self) -> None:
        self._since: float | None = None

    @property
    def begun(self) -> bool:
        """Whether it does."""
        return self._since is not None

    def begin(self) -> None:
        """Ask so from now on."""
        if self._since is None:
            self._since = monotonic()

    def lasted(self, seconds: float) -> bool:
        """Tell whether it has for so long."""
        return self._since is not None and monotonic() - self._since >= seconds
