"""SQLAlchemy's session beneath a transaction that writes, and what is seen to when it writes."""

from collections.abc import Iterable

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm import class_mapper as mapper_of


class Flushing(Session):
    """SQLAlchemy's session beneath a transaction that writes."""


@event.listens_for(Flushing, "after_flush")
def settle(session: Session, _context: object) -> None:
    """Wait for what was sent where two objects stand for one row, so that the server's refusal comes first."""
    if stand_for_one(session, session.new):
        session.connection().exec_driver_sql("SELECT")


def stand_for_one(session: Session, new: Iterable[object]) -> bool:
    """Tell whether a row has two objects, of which one is new."""
    keys = [mapper_of(type(one)).identity_key_from_instance(one) for one in new]
    return len({*keys}) < len(keys) or any(key in session.identity_map for key in keys)
