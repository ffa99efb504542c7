from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database


@dataclass(frozen=True, slots=True)
class Context:
    """What a resolver of a mutation needs: the pools, who asks, the clock, the installation's own."""

    db: Database
    actor: Actor
    clock: Clock
    cursor_key: bytes
    matter_days: int


Info = StrawberryInfo[Context, None]
