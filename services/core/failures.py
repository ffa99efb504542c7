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
ELSE_WRONG = "it is not of the kind that its place takes"
BUSY = "The database has too much to do now; try again."

log = structlog.get_logger()


def failure(code: str, *, use: str, too_large: str) -> DomainError | None:
    """Return what a failure means by its SQLSTATE, None where it is a bug.

    `use` says for what a value was no good, `too_large` what is larger than a statement or a row can be; PostgreSQL's
    words are only logged.
    """
    if code.startswith(NO_RESOURCES):
        return Unavailable(BUSY)
    if code.startswith(DATA_EXCEPTION):
        found: DomainError = InvalidInput(f"A value cannot be {use}: {WRONG.get(code, ELSE_WRONG)}.")
    elif code.startswith(LIMIT_EXCEEDED):
        found = InvalidInput(too_large)
    else:
        return None
    log.warning("refused by the database alone", sqlstate=code)
    return found
