from dataclasses import dataclass, field
from datetime import date, datetime

from services.core.actor import Actor
from services.core.clock import Clock, china_day
from services.core.policy import Policy
from services.core.transaction import WriteTx


@dataclass(frozen=True, slots=True)
class Act:
    """What a command acts with: its transaction, on whose behalf, by which clock and by which rules."""

    tx: WriteTx
    actor: Actor
    clock: Clock
    policy: Policy = field(default_factory=Policy)

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Return the present calendar day in China."""
        return china_day(self.clock.now())
