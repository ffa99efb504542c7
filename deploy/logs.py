import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path

import structlog

from deploy.servers.errors import ServerError
from services.core.security import SecurityLog, Value, Write, write_to_log

PRIVATE = 0o600


def configure_logs() -> None:
    """Send every log line to standard error: readable on a terminal, JSON elsewhere."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")


class PrivateFileHandler(WatchedFileHandler):
    """Appends to a file that only its owner reads, made where it is not there and made anew where it was moved away."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
        os.fchmod(descriptor, PRIVATE)
        return os.fdopen(descriptor, "a", encoding="utf-8")


@contextmanager
def security_log(path: Path | None, key: bytes | None) -> Iterator[SecurityLog]:
    """Yield the security log of a process: a file of JSON lines (mode 0600), or lines among the process's others.

    `key` is what subjects are hashed with. Raises ServerError where the file cannot be written.
    """
    with (
        nullcontext(write_to_log) if path is None else written_to(path) as write,
        closing(SecurityLog(key, write=write)) as log,
    ):
        yield log


@contextmanager
def written_to(path: Path) -> Iterator[Write]:
    """Yield what writes events to a file, as JSON lines. Raises ServerError where it cannot be written."""
    try:
        file = PrivateFileHandler(path)
    except OSError as error:
        raise ServerError(f"SHANGLIANG_SECURITY_LOG {path} cannot be written: {error.strerror}.") from error
    logger = logging.Logger("security", logging.INFO)  # noqa: LOG001 -- one for each file, not the process's
    logger.addHandler(file)
    stamp, json = structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()
    lines = structlog.wrap_logger(logger, processors=[stamp, json])

    def write(event: str, fields: Mapping[str, Value]) -> None:
        lines.warning(event, logger="security", **fields)

    with closing(file):
        yield write
