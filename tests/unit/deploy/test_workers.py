import asyncio
import signal
import socket
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from deploy import workers
from deploy.addresses import DatabaseAddresses
from deploy.line import Given
from deploy.room import Room, fitting, needs, said
from deploy.scrapes import Family, counted, families, summed
from deploy.servers.errors import ServerError
from services.core.settings import Settings
from services.migrations.grants import Login


def process(number: int) -> list[Family]:
    """Return what a process says that has counted so much."""
    registry = CollectorRegistry()
    Gauge("held", "Held now.", registry=registry).set(number)
    Counter("done", "Done.", ["how"], registry=registry).labels("well").inc(number)
    Histogram("seconds", "How long.", buckets=(1, 10), registry=registry).observe(number)
    return families(registry.collect())


def values(told: list[Family]) -> dict[tuple[str, str], float]:
    return {
        (name, "".join(labels.values())): value
        for _, _, _, samples in told
        for name, labels, value in samples
        if not name.endswith("_created")
    }


def test_processes_are_summed_as_one() -> None:
    together = values(families(summed([process(2), process(5), process(20)])))
    assert together == {
        ("held", ""): 27, ("done_total", "well"): 27, ("seconds_bucket", "1.0"): 0, ("seconds_bucket", "10.0"): 2,
        ("seconds_bucket", "+Inf"): 3, ("seconds_count", ""): 3, ("seconds_sum", ""): 27,
    }  # fmt: skip


def test_of_a_process_that_has_ended_what_it_counted_stays() -> None:
    together = values(families(summed([counted(process(2)), process(5)])))
    assert (together["held", ""], together["done_total", "well"], together["seconds_count", ""]) == (5, 7, 2)


def test_one_process_is_told_of_as_by_itself() -> None:
    class Told(CollectorRegistry):
        def collect(self):  # type: ignore[no-untyped-def] # noqa: ANN202 -- as its base
            return summed([families(registry.collect())])

    registry = CollectorRegistry()
    Counter("done", "Done.", ["how"], registry=registry).labels("well").inc(3)
    Histogram("seconds", "How long.", buckets=(1, 10), registry=registry).observe(2)
    assert generate_latest(Told()) == generate_latest(registry)


def test_created_is_when_the_first_began() -> None:
    first, second = process(1), process(1)
    (created,) = (value for _, _, _, all_ in first for name, _, value in all_ if name == "done_created")
    together = {name: value for _, _, _, all_ in families(summed([second, first])) for name, _, value in all_}
    assert together["done_created"] == created


def addresses(read: str, write: str) -> DatabaseAddresses:
    return DatabaseAddresses(
        None, {Login.READ: f"postgresql://r:r@{read}/d", Login.WRITE: f"postgresql://w:w@{write}/d"}
    )


def test_worker_takes_its_pools_and_what_it_listens_by() -> None:
    settings = Settings(read_connections=8, write_connections=7, export_connections=3)
    found = {place: each for place, (_, each) in needs(settings, addresses("one", "one:5432")).items()}
    assert found == {"one:5432": 8 + 7 + 3 + 3}
    found = {place: each for place, (_, each) in needs(settings, addresses("replica:6000", "one")).items()}
    assert found == {"replica:6000": 8 + 3, "one:5432": 7 + 3}


@pytest.mark.parametrize(("most", "fit"), [(100, 3), (85, 3), (84, 2), (65, 2), (64, 1), (200, 8)])
def test_as_many_workers_fit_as_connections_are_left(most: int, fit: int) -> None:
    room = Room("one:5432", most, reserved=3, each=20)
    assert room.workers == fit
    assert fitting([room], fit, asked=True) == fit
    assert fitting([room], fit + 1, asked=False) == fit
    with pytest.raises(ServerError, match=rf"^SHANGLIANG_WORKERS is {fit + 1}, .* which is room for {fit}: "):
        fitting([room], fit + 1, asked=True)


def test_one_worker_for_each_core_is_never_too_many() -> None:
    assert fitting([Room("one:5432", 30, reserved=3, each=20)], 64, asked=False) == 1


def test_tightest_server_decides_and_all_are_told_of() -> None:
    found = [Room("replica:5432", 200, reserved=3, each=10), Room("one:5432", 50, reserved=3, each=10)]
    assert fitting(found, 8, asked=False) == 2
    assert said(found, 2) == (
        "2 workers, 10 connections each of PostgreSQL's 200 at replica:5432 "
        "and 10 connections each of PostgreSQL's 50 at one:5432"
    )


@pytest.mark.parametrize(
    ("limit", "cores"),
    [
        (["max 100000"], 4),
        (["150000 100000"], 2),
        (["1000 100000"], 1),
        ([], 4),
        (["-1", "100000"], 4),
        (["150000", "100000"], 2),
        (["1000", "100000"], 1),
        (["150000"], 4),
    ],
)
def test_cores_are_those_that_a_container_may_use(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: list[str], cores: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2, 3})
    places = [[tmp_path / file.name for file in files] for files in workers.CPU_LIMITS]
    monkeypatch.setattr(workers, "CPU_LIMITS", places)
    (files,) = [files for files in places if len(files) == max(1, len(limit))]
    for file, line in zip(files, limit, strict=False):
        file.write_text(f"{line}\n")
    assert workers.cores() == cores


async def test_worker_that_answers_nothing_any_more_is_killed() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "600")
    own, its = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=own)
    worker = workers.Worker(process, writer)
    for _ in range(workers.DEAF):
        worker.watch()
    worker.answers([])
    for _ in range(workers.DEAF):
        worker.watch()
    assert process.returncode is None
    worker.ask()  # a scrape does not count
    assert process.returncode is None
    worker.watch()
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL
    worker.hang_up()
    await writer.wait_closed()
    its.close()


def test_worker_is_given_what_was_said() -> None:
    given = Given(addresses("one", "one"), [3, 4], 2, asked=True)
    assert Given.read(given.line()) == given
