"""What PostgreSQL's refusals mean of values that no rule here refused before; its own words go to the log alone."""

import structlog

from services.core.errors import DomainError, InvalidInput, Unavailable

DATA_EXCEPTION, LIMIT_EXCEEDED, NO_RESOURCES, CONNECTION_EXCEPTION = "22", "54", "53", "08"
"""Classes of codes: values that PostgreSQL cannot hold, what is too large for it, what it lacks, the connection."""
WRONG = {
    "22003": "a number is larger than its kind can hold or answer (2,147,483,647 of Int); ask of less",
    "22008": "a day or an instant lies outside of the calendar",
    "22021": "a text has a character that no text here can, such as NUL",
    "22P05": "a text has a character that no text here can, such as NUL",
}
GONE = frozenset({"57P01", "57P02", "57P03", "57P05", "53300", "25P03"})
"""admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, too_many_connections; of a long read also
idle_in_transaction_session_timeout, where it was not taken."""
ILL = frozenset({"58000", "58030"})
"""system_error and io_error, of the server's machine."""
READ_ONLY = "25006"
"""read_only_sql_transaction: of a mutation, on a server that has become a standby or was told to take no writes."""
HELD = frozenset({"40001", "40P01", "55P03"})
"""serialization_failure, by which a standby ends reads too, deadlock_detected, lock_not_available."""
ELSE_WRONG = "it is not of the kind that its place takes"
BUSY = "The database has too much to do now; try again."
SAME_ROWS = "The database was busy with the same rows; try again."
UNREACHABLE = "The database cannot be reached now; try again."

log = structlog.get_logger()


def is_lost(code: str) -> bool:
    """Tell whether an SQLSTATE is of a connection that ended, or was not to be had."""
    return code in GONE or code.startswith(CONNECTION_EXCEPTION)


def failure(code: str, *, use: str, too_large: str) -> DomainError | None:
    """Return what a failure means by its SQLSTATE, None where it is a bug.

    `use` says for what a value was no good, `too_large` what is larger than a statement or a row can be; PostgreSQL's
    words are only logged.
    """
    if code in HELD:
        return Unavailable(SAME_ROWS, retry_after_s=1)
    if is_lost(code):
        return Unavailable(UNREACHABLE)
    if code.startswith(NO_RESOURCES) or code in ILL:
        log.warning("the database is short of something", sqlstate=code)
        return Unavailable(BUSY)
    if code.startswith(DATA_EXCEPTION):
        found: DomainError = InvalidInput(f"A value cannot be {use}: {WRONG.get(code, ELSE_WRONG)}.")
    elif code.startswith(LIMIT_EXCEEDED):
        found = InvalidInput(too_large)
    else:
        return None
    log.warning("refused by the database alone", sqlstate=code)
    return found
