from dataclasses import dataclass, field

from strawberry.types import Info as StrawberryInfo

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.policy import Policy


@dataclass(slots=True)
class Progress:
    """How far an operation has come."""

    commits: bool = False
    """Whether a transaction of it has begun to commit."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a resolver of a mutation needs: the pools, who asks, the clock, what seals cursors, the rules in force."""

    db: Database
    actor: Actor
    clock: Clock
    cursor_key: bytes
    policy: Policy
    progress: Progress = field(default_factory=Progress)
    done: dict[str, object] = field(default_factory=dict)
    """What verbs that were performed before graphql-core executes the operation came to, by response key."""


Info = StrawberryInfo[Context, None]
