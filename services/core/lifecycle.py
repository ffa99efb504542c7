from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from services.core.errors import IllegalTransition

State = TypeVar("State", bound=StrEnum)


def advance(lifecycle: Mapping[tuple[State, str], State], thing: str, state: State, action: str) -> State:
    """Return the state after an action. Raises IllegalTransition where the lifecycle has no such step."""
    following = lifecycle.get((state, action))
    if following is None:
        allowed = tuple(known.value for known, possible in lifecycle if possible == action)
        raise IllegalTransition(thing, state.value, action, allowed)
    return following
