from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from services.core.errors import IllegalTransition, VersionConflict

State = TypeVar("State", bound=StrEnum)


def advance(lifecycle: Mapping[tuple[State, str], State], thing: str, state: State, action: str) -> State:
    """Return the state after an action. Raises IllegalTransition where the lifecycle has no such step."""
    following = lifecycle.get((state, action))
    if following is None:
        allowed = tuple(known for known, possible in lifecycle if possible == action)
        raise IllegalTransition(thing, state, action, allowed)
    return following


def check_version(expected: int | None, actual: int, *, path: str = "expected_version") -> None:
    """Require that the caller read the present version, where it says which it read. Raises VersionConflict."""
    if expected is not None and expected != actual:
        raise VersionConflict(expected, actual, path=path)
