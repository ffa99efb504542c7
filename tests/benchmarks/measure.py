"""Rounds of load: within a round every contender has its turn with every question, so that a ratio pairs neighbours."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import usage
from tests.benchmarks.contenders import CONNECTIONS, Running
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.figures import Run
from tests.benchmarks.load import Load, LoadFailed, post
from tests.benchmarks.questions import Question

_WARM_S = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    connections: Sequence[int]


class Bench:
    """Measures the questions on contenders that run. Bodies to post are written into the directory."""

    def __init__(self, contenders: Sequence[Running], prepared: Prepared, directory: Path) -> None:
        self._contenders = contenders
        self._prepared = prepared
        self._directory = directory
        self._capacity: dict[tuple[str, str], float] = {}
        """Requests per second, roughly."""

    def warm(self, questions: Sequence[Question]) -> None:
        """Every contender has every statement prepared on every connection, and what it can do is known."""
        for question in questions:
            for one in self._contenders:
                one.answer(question)
                started = time.monotonic()
                one.answer(question)
                alone = 1 / (time.monotonic() - started)
                crowded = self._post(one, question, CONNECTIONS, _WARM_S).per_second
                self._capacity[one.contender.name, question.name] = crowded or alone

    def measure(
        self, questions: Sequence[Question], plan: Plan, sizes: Mapping[str, Mapping[str, int]], say: Say
    ) -> list[Run]:
        """Return the runs of all rounds. Raises LoadFailed for answers shorter than the right ones."""
        runs = []
        for number in range(1, plan.rounds + 1):
            say(f"round {number} of {plan.rounds}")
            for question in questions:
                for connections in plan.connections:
                    for one in self._in_turn(number):
                        if not self._can_serve(one, question, connections, plan.seconds):
                            continue
                        size = sizes[question.name][one.contender.name]
                        runs += self._run(one, question, connections, number, plan.seconds, size)
        return runs

    def _in_turn(self, number: int) -> Sequence[Running]:
        """Return the contenders in the order of a round: each begins once."""
        start = number % len(self._contenders)
        return [*self._contenders[start:], *self._contenders[:start]]

    def _can_serve(self, one: Running, question: Question, connections: int, seconds: float) -> bool:
        """Whether each connection would get an answer in the time: too slow a contender is not loaded further."""
        return connections == 1 or connections < self._capacity[one.contender.name, question.name] * seconds

    def _run(
        self, one: Running, question: Question, connections: int, number: int, seconds: float, size: int
    ) -> list[Run]:
        before = self._used(one)
        load = self._post(one, question, connections, seconds)
        after = self._used(one)
        if load.requests == 0:
            return []
        if load.bytes < load.requests * size:
            raise LoadFailed(f"{one.contender.name} {question.name}: answers under load were shorter than before it.")
        process_us, database_us = (
            (later - earlier) / load.requests for earlier, later in zip(before, after, strict=True)
        )
        return [
            Run(
                one.contender.name,
                question.name,
                connections,
                number,
                load.per_second,
                load.p50_us,
                process_us,
                database_us,
            )
        ]

    def _post(self, one: Running, question: Question, connections: int, seconds: float) -> Load:
        """Load a contender and return when it has come to rest."""
        body = self._directory / f"{one.contender.name}-{question.name}.json"
        body.write_bytes(one.body(question))
        try:
            load = post(
                one.url(question), body, connections=connections, seconds=seconds, authorization=one.authorization
            )
        except LoadFailed as error:
            raise LoadFailed(f"{error}\n{one.state()}") from error
        usage.wait_idle(one.process, self._prepared.process)
        return load

    def _used(self, one: Running) -> tuple[int, int]:
        return usage.used_us(one.process), usage.used_us(self._prepared.process)
