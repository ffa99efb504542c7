from pathlib import Path

_TAIL_LINES = 20


class ServerError(Exception):
    """A server could not be started, found, stopped or used; the message says what would help."""


def log_tail(log: Path) -> str:
    """The last lines of a server's log, for the message of an error; empty when there is no log yet."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
