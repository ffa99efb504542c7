"""Rounds of verbs: within a round every contender has its turn with every verb, so that a ratio pairs neighbours."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TypeVar

import asyncpg
import orjson

from tests.benchmarks import usage
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.figures import Run
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.writes import rows
from tests.benchmarks.writes.contenders import Writer
from tests.benchmarks.writes.loader import Ask, Counted, Job, LoadFailed
from tests.benchmarks.writes.preparing import Connection, Preparing
from tests.benchmarks.writes.verbs import Task, Verb

T = TypeVar("T")

COMPARED = 3
"""Tasks of each verb after which rows are compared."""
WARM_CONNECTIONS, WARM_TASKS, WARM_S = 8, 40, 5.0
LEAST_TASKS, MOST_TASKS = 64, 20_000
AHEAD = 2.0
"""How many times as many tasks are prepared as the contender seems to need."""
READS = 9
"""How many follow each verb where it is not alone."""
TOPIC = next(one for one in QUESTIONS if one.name == "Q2")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where verbs act, and beside what."""

    name: str
    title: str
    spread: bool
    reads: int = 0


SETTINGS = (
    Setting("province", "spread over the province, alone", spread=True),
    Setting("county", "all in one county, alone", spread=False),
    Setting("reads", "spread over the province, beside nine reads of a topic to each verb", spread=True, reads=READS),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    connections: Sequence[int]
    settings: Sequence[Setting]


@dataclass(frozen=True, slots=True)
class WriteRun(Run):
    """What one contender did of one verb. Its `question` is the verb with the setting, see `question_of`."""

    p99_us: float
    reads_per_second: float
    reads_p99_us: float


def question_of(verb: str, setting: str) -> str:
    """Return the name of what is measured."""
    return f"{verb}, {setting}"


def in_database(url: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Return what work comes to over a copy, as its owner."""

    async def run() -> T:
        connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


class Bench:
    """Measures verbs of contenders that run. Jobs are written into the directory."""

    def __init__(self, writers: Sequence[Writer], prepared: Prepared, directory: Path, token: str) -> None:
        self._writers = writers
        self._prepared = prepared
        self._file = directory / "job.json"
        self._token = token
        self._capacity: dict[tuple[str, str], float] = {}
        """Tasks per second, roughly."""

    def check(self, verbs: Sequence[Verb]) -> dict[str, rows.Rows]:
        """Return the rows that each verb writes. Raises RowsDiffer unless all contenders write the same."""
        found = {}
        for verb in verbs:
            first, *others = [(one.contender.name, self._rows(one, verb)) for one in self._writers]
            for name, theirs in others:
                rows.compare(f"{verb.name} of {first[0]}", first[1], name, theirs)
            found[verb.name] = first[1]
        return found

    def warm(self, verbs: Sequence[Verb]) -> None:
        """Every contender has every statement prepared on every connection, and what it can do is known."""
        for verb in verbs:
            for one in self._writers:
                for _ in range(2):
                    tasks = self.prepare(one, verb, WARM_TASKS, spread=True)
                    counted = self._load(one, tasks, WARM_CONNECTIONS, WARM_S, READS)
                counted = self._load(one, self.prepare(one, verb, WARM_TASKS, spread=True), WARM_CONNECTIONS, WARM_S, 0)
                self._capacity[one.contender.name, verb.name] = counted.per_second / verb.requests

    def measure(self, verbs: Sequence[Verb], plan: Plan, say: Say) -> list[WriteRun]:
        """Return the runs of all rounds. One with an answer that did not do what was asked for is told and left out."""
        runs = list[WriteRun]()
        for number in range(1, plan.rounds + 1):
            say(f"round {number} of {plan.rounds}")
            for verb, setting, connections in product(verbs, plan.settings, plan.connections):
                for one in self._in_turn(number):
                    if self._can_serve(one, verb, connections, plan.seconds):
                        try:
                            runs.append(self._run(one, verb, setting, connections, number, plan.seconds))
                        except LoadFailed as error:
                            say(f"{question_of(verb.name, setting.name)}, {connections} connections: {error}")
        return runs

    def _in_turn(self, number: int) -> Sequence[Writer]:
        """Return the contenders in the order of a round: each begins once."""
        start = number % len(self._writers)
        return [*self._writers[start:], *self._writers[:start]]

    def _can_serve(self, one: Writer, verb: Verb, connections: int, seconds: float) -> bool:
        """Whether each connection would do a task in the time: too slow a contender is not loaded further."""
        return connections == 1 or connections < self._capacity[one.contender.name, verb.name] * seconds

    def _run(
        self, one: Writer, verb: Verb, setting: Setting, connections: int, number: int, seconds: float
    ) -> WriteRun:
        needed = round(self._capacity[one.contender.name, verb.name] * seconds * AHEAD)
        tasks = self.prepare(one, verb, min(max(needed, LEAST_TASKS), MOST_TASKS), spread=setting.spread)
        before = self.used(one)
        counted = self._load(one, tasks, connections, seconds, setting.reads)
        after = self.used(one)
        process_us, database_us = (
            (later - earlier) / counted.verbs for earlier, later in zip(before, after, strict=True)
        )
        return WriteRun(
            one.contender.name, question_of(verb.name, setting.name), connections, number,
            counted.per_second, counted.p50_us, process_us, database_us,
            counted.p99_us, counted.reads * 1e6 / counted.duration_us, counted.reads_p99_us,
        )  # fmt: skip

    def _rows(self, one: Writer, verb: Verb) -> rows.Rows:
        """Return what a few tasks of a verb write, one after another."""
        began = rows.now()
        tasks = self.prepare(one, verb, COMPARED, spread=True)
        since = in_database(one.ground.url, lambda connection: rows.before(connection, began))
        self._load(one, tasks, 1, WARM_S, 0)
        return in_database(one.ground.url, lambda connection: rows.written(connection, since))

    def prepare(self, one: Writer, verb: Verb, number: int, *, spread: bool) -> list[Task]:
        """Leave what so many tasks need in a contender's copy, and return them once the machine is at rest."""
        tasks = in_database(
            one.ground.url, lambda connection: verb.prepare(Preparing(connection, one.ground), number, spread)
        )
        usage.wait_idle(one.running.process, self._prepared.process)
        return tasks

    def _load(self, one: Writer, tasks: Sequence[Task], connections: int, seconds: float, reads: int) -> Counted:
        """Load a contender and return when it has come to rest. Raises LoadFailed."""
        return self.run(one, self.job(one, tasks, connections, seconds, reads))

    def job(self, one: Writer, tasks: Sequence[Task], connections: int, seconds: float, reads: int = 0) -> Job:
        """Return what is asked of a contender, each connection as soon as it is answered."""
        contender = one.contender
        return Job(
            port=one.running.port,
            connections=connections,
            seconds=seconds,
            tasks=[[request.ask(contender) for request in task] for task in tasks],
            headers=[f"Authorization: Bearer {self._token}"],
            read=Ask(one.running.url(TOPIC).rpartition("/")[2], one.running.body(TOPIC).decode()),
            reads=reads,
        )

    def run(self, one: Writer, job: Job) -> Counted:
        """Have a job done and return when the contender has come to rest. Raises LoadFailed."""
        self._file.write_bytes(orjson.dumps(asdict(job)))
        done = subprocess.run(  # noqa: S603 -- the program beside this one
            [sys.executable, "-m", "tests.benchmarks.writes.loader", str(self._file)], capture_output=True, check=False
        )
        if done.returncode != 0:
            raise LoadFailed(f"{one.contender.name}: {done.stderr.decode()[-3000:]}\n{one.running.state()}")
        usage.wait_idle(one.running.process, self._prepared.process)
        return Counted(**orjson.loads(done.stdout))

    def used(self, one: Writer) -> tuple[int, int]:
        """Return the processor time of a contender and of PostgreSQL, in microseconds."""
        return usage.used_us(one.running.process), usage.used_us(self._prepared.process)
