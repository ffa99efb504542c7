from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

from tests.unit.events.simulation.loop import Ledger, VirtualLoop

STEPS_EACH = 100

T = TypeVar("T")


def one_of(choices: list[T], number: int) -> T:
    return choices[number % len(choices)]


class CountedMachine(RuleBasedStateMachine):
    """Has a loop and a log of its own and counts the steps of all its runs."""

    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()  # type: ignore[abstract]  # nothing here calls the rest
        self.ledger = Ledger()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("events.outage.log", self.ledger)

    @invariant()
    def count(self) -> None:
        type(self).steps += 1


def explore(machine: type[CountedMachine], steps: int) -> int:
    """Run the machine from its beginning again and again, for at least so many steps; return how many it took."""
    machine.steps = 0
    while machine.steps < steps:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max((steps - machine.steps) // STEPS_EACH, 10),
                stateful_step_count=STEPS_EACH,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"{machine.__name__}: {machine.steps} steps")  # noqa: T201 -- how much was tried
    return machine.steps
