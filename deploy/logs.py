import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

from deploy.servers.directory import append_private
from deploy.servers.errors import ServerError
from services.core.faults import traced, without_credentials
from services.core.security import CIRCUMSTANCES, SECURITY, SecurityLog, Value, Write, write_to_log
from services.core.tracing import trace_id

log = structlog.get_logger()


def configure_logs() -> None:
    """Send every log line to standard error: readable on a terminal, JSON elsewhere.

    Neither those of this program nor those of libraries have the words of exceptions, nor passwords in addresses.
    """
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            with_context,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # a line at once: several processes may share it
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WordlessFormatter("%(asctime)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    sys.excepthook = log_uncaught
    sys.unraisablehook = lambda unraisable: log_unraisable(unraisable.exc_value)


def with_context(_logger: object, _method: str, fields: EventDict) -> EventDict:
    """Add the id of the request that is answered, and that of the trace, where there are such.

    The security log says itself which request a line is about.
    """
    about = CIRCUMSTANCES.get()
    if about is not None and about.address is not None and fields.get("logger") != SECURITY:
        fields["request"] = about.request_id
    if (trace := trace_id()) is not None:
        fields["trace"] = trace
    return fields


def without_words(_logger: object, _method: str, fields: EventDict) -> EventDict:
    """Put where an exception was raised in its place, and take passwords out of addresses."""
    given = fields.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        fields["exception"] = traced(error)
    return {name: without_credentials(value) if isinstance(value, str) else value for name, value in fields.items()}


class WordlessFormatter(logging.Formatter):
    """Formats what libraries log: of an exception where it was raised, of asyncio's reports the first line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        if record.name == "asyncio":
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return without_credentials(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 -- as in logging
        """Return where an exception was raised."""
        return traced(ei[1]) if ei[1] is not None else ""


def log_uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Log the bug that ends the process."""
    log.critical("the process ends over an unexpected error", exc_info=error)


def log_unraisable(error: BaseException | None) -> None:
    """Log a bug where nothing can be raised."""
    log.error("an unexpected error could not be raised", exc_info=error)


class PrivateFileHandler(WatchedFileHandler):
    """Appends to a file that only its owner reads, made where it is not there and made anew where it was moved away."""

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(append_private(Path(self.baseFilename)), encoding="utf-8", line_buffering=True)


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
    logger = logging.Logger(SECURITY, logging.INFO)  # noqa: LOG001 -- one for each file, not the process's
    logger.addHandler(file)
    stamp, json = structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()
    lines = structlog.wrap_logger(logger, processors=[stamp, json])

    def write(event: str, fields: Mapping[str, Value]) -> None:
        lines.warning(event, logger=SECURITY, **fields)

    with closing(file):
        yield write
