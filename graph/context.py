from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Context:
    """What a resolver of a mutation needs: the pools, who asks, the clock, what seals cursors, the rules in force."""

    db: Database
    actor: Actor
    clock: Clock
    cursor_key: bytes
    policy: Policy


Info = StrawberryInfo[Context, None]
