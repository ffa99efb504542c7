"""What the database's errors mean to whoever wanted to write."""

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, IntegrityError

from services.core.codes import Code
from services.core.engines import driver_error, sqlstate
from services.core.errors import (
    ConstraintRefusal,
    ConstraintViolated,
    DomainError,
    InvalidInput,
    Unavailable,
    Undecided,
)
from services.core.failures import BUSY, ELSE_WRONG, NOT_STORED, READ_ONLY, SAME_ROWS, failure, is_lost
from services.core.readers import LOST, TOOK_TOO_LONG
from services.core.words import Words

UNFIT = Words("The constraint {constraint} refused this.", "约束{constraint}不允许如此。")
TOO_LATE = Words("This was not done in time and changed nothing; try again.", "未能及时办成，没有任何更改，请重试。")
TOO_LARGE = Words(
    "A value is too large to be stored or found again; say it in less.", "内容过大，无法保存或检索，请精简。"
)

OWN = {TOOK_TOO_LONG: TOO_LATE, READ_ONLY: BUSY}
"""Codes that mean something else of a transaction that writes than of a read."""


def meaning(error: DBAPIError, refusals: Mapping[str, ConstraintRefusal], *, commits: bool) -> DomainError | None:
    """Return what a failed statement of a transaction that writes means; None where it is a bug.

    `commits` tells whether the commit went out with it, or before.
    """
    code = sqlstate(error) or ""
    if isinstance(error, IntegrityError):
        return _refusal(error, refusals)
    if commits and (error.connection_invalidated or is_lost(code)):
        return Undecided()
    if error.connection_invalidated:
        return Unavailable(LOST)
    if code in OWN:
        return Unavailable(OWN[code])
    if isinstance(driver_error(error), ValueError):  # the driver could not write an argument
        return InvalidInput(NOT_STORED(why=ELSE_WRONG))
    return failure(code, unfit=NOT_STORED, too_large=TOO_LARGE)


def late(*, commits: bool, gave_way: bool) -> Unavailable:
    """Return what is told of a transaction that was ended because its time had run out, or for others' sake."""
    if commits:
        return Undecided()
    return Unavailable(SAME_ROWS, retry_after_s=1) if gave_way else Unavailable(TOO_LATE)


def _refusal(error: IntegrityError, refusals: Mapping[str, ConstraintRefusal]) -> DomainError:
    """Return the domain error of the constraint that a statement violated."""
    constraint = str(getattr(driver_error(error), "constraint_name", None))
    unknown = ConstraintRefusal(Code.CONSTRAINT_VIOLATED, UNFIT(constraint=constraint))
    return ConstraintViolated(constraint, refusals.get(constraint, unknown))
