"""What PostgreSQL's refusals mean of values that no rule here refused before; its own words go to the log alone."""

import structlog

from services.core.errors import DomainError, InvalidInput, Unavailable
from services.core.words import Words

DATA_EXCEPTION, LIMIT_EXCEEDED, NO_RESOURCES, CONNECTION_EXCEPTION = "22", "54", "53", "08"
"""Classes of codes: values that PostgreSQL cannot hold, what is too large for it, what it lacks, the connection."""
NO_CHARACTER = Words("a text has a character that no text here can, such as NUL", "文字含有不能保存的字符，如NUL")
WRONG = {
    "22003": Words(
        "a number is larger than its kind can hold or answer (2,147,483,647 of Int); ask of less",
        "数值超出可保存或回答的范围（Int为2,147,483,647），请缩小范围",
    ),
    "22008": Words("a day or an instant lies outside of the calendar", "日期或时间超出历法范围"),
    "22021": NO_CHARACTER,
    "22P05": NO_CHARACTER,
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
ELSE_WRONG = Words("it is not of the kind that its place takes", "类型不符")
NOT_STORED = Words("A value cannot be stored: {why}.", "内容无法保存：{why}。")
NOT_USED = Words("A value cannot be used: {why}.", "内容无法使用：{why}。")
BUSY = Words("The database has too much to do now; try again.", "数据库繁忙，请重试。")
SAME_ROWS = Words("The database was busy with the same rows; try again.", "同一数据正在处理，请重试。")
UNREACHABLE = Words("The database cannot be reached now; try again.", "暂时连接不上数据库，请重试。")

log = structlog.get_logger()


def is_lost(code: str) -> bool:
    """Tell whether an SQLSTATE is of a connection that ended, or was not to be had."""
    return code in GONE or code.startswith(CONNECTION_EXCEPTION)


def failure(code: str, *, unfit: Words, too_large: Words) -> DomainError | None:
    """Return what a failure means by its SQLSTATE, None where it is a bug.

    `unfit` says for what a value was no good, `too_large` what is larger than a statement or a row can be; PostgreSQL's
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
        found: DomainError = InvalidInput(unfit(why=WRONG.get(code, ELSE_WRONG)))
    elif code.startswith(LIMIT_EXCEEDED):
        found = InvalidInput(too_large)
    else:
        return None
    log.warning("refused by the database alone", sqlstate=code)
    return found
